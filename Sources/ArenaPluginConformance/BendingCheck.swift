import ArenaPluginHost

/// The checks in which a kind must do the same whatever the host bends: structs, memory, threads and time.
struct BendingCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    var checks: [PlannedCheck] {
        guard kind.isOfLibrary else { return [] }
        return [
            check(.evolution, "ABI-3", "longer structs and larger strides change nothing"),
            check(.memory, "MEM-2", "read-only inputs that end at a guard page and vanish change nothing"),
            check(.threads, "MEM-4", "several threads at once get equal results"),
            check(.cancellation, "CALL-3", "calls end within 200 ms of the cancel flag and of the deadline"),
        ]
    }

    private func check(_ group: CheckGroup, _ rule: String, _ title: String) -> PlannedCheck {
        let name = kind.interface.name.dropFirst("arena.".count) + "/" + kind.id
        return PlannedCheck(group, name, subject: kind.id, title) {
            let verdict = try await test(group.rawValue, rule)
            // What is late once may be the machine's fault.
            guard group == .cancellation, verdict.status != .skip else { return verdict }
            let second = verdict.status == .fail ? try await test(group.rawValue, rule) : verdict
            guard second.status == .pass, kind.interface == .jobKind else { return second }
            return try await JobCancellation(subject: subject, kind: kind).verdict()
        }
    }

    private func test(_ name: String, _ rule: String) async throws -> Verdict {
        try await subject.conformance(
            name, TestMaterial(kind: kind, subject: subject).json, for: kind, rule: rule, services: [])
    }
}
