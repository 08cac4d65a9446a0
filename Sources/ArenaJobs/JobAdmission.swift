package import ArenaCore
package import ArenaJSON
package import ArenaStore

/// Whether a job that was claimed may run now.
package enum AdmissionDecision: Sendable, Hashable {
    case admit
    case refuse(AdmissionRefusal)
}

/// Why it may not. The job waits, longer with each refusal in a row, and counts no attempt.
package struct AdmissionRefusal: Sendable, Hashable {
    /// A stable word such as `budget_defer`, the `source` of the audit trail's entry.
    package var source: String
    package var detail: JSONValue
    /// When to ask again; `nil`: after the pause.
    package var notBefore: Timestamp?
    /// What the job occupies by what is known now, if that differs from what it was claimed for.
    package var needs: JobNeeds?

    package init(
        source: String, detail: JSONValue = .object([:]), notBefore: Timestamp? = nil, needs: JobNeeds? = nil
    ) {
        self.source = source
        self.detail = detail
        self.notBefore = notBefore
        self.needs = needs
    }
}

/// Asked for each job between its claim and the start of its work. What can be counted from the queue itself is not
/// decided here: the claim passes over it.
package protocol JobAdmission: Sendable {
    /// - Parameter job: As it was claimed.
    /// - Throws: what keeps it from deciding; the job is refused then.
    func decide(on job: JobRecord, of kind: JobKindInfo) async throws -> AdmissionDecision
}

/// Sees to it that a claim still holds: its kind may have been paused since, and a newer generation of its plugin may
/// need more than the job was claimed for.
package struct ClaimAdmission: JobAdmission {
    private let store: ArenaStore

    package init(store: ArenaStore) { self.store = store }

    package func decide(on job: JobRecord, of kind: JobKindInfo) async throws -> AdmissionDecision {
        if try await store.pausedKinds().contains(where: { $0.kind == job.kind }) {
            return .refuse(AdmissionRefusal(source: "kind_paused", detail: ["kind": .string(job.kind)]))
        }
        let needs = kind.needs(of: job.payload)
        guard needs == job.needs else {
            return .refuse(
                AdmissionRefusal(
                    source: "needs_changed",
                    detail: ["gpu": .bool(needs.gpu), "lane_alone": .bool(needs.laneAlone)], needs: needs))
        }
        return .admit
    }
}

/// Refuses what any of several refuses: the first that does is heard.
package struct AdmissionChain: JobAdmission {
    private let links: [any JobAdmission]

    package init(_ links: [any JobAdmission]) { self.links = links }

    package func decide(on job: JobRecord, of kind: JobKindInfo) async throws -> AdmissionDecision {
        for link in links {
            let decision = try await link.decide(on: job, of: kind)
            guard decision == .admit else { return decision }
        }
        return .admit
    }
}
