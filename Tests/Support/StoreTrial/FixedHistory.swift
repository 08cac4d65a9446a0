import ArenaCore
import ArenaJSON
import ArenaStore

/// Transactions of every kind that a job's life has, in an order that never changes. Any of them can be the first after
/// the store was opened: none remembers anything of those before but what the store holds.
struct FixedHistory {
    struct Step: Sendable {
        let name: String
        let act: @Sendable (ArenaStore) async throws -> Void
    }

    static let steps = [
        Step(name: "enqueue a") { store in _ = try await store.enqueue(.trial("a")) },
        Step(name: "enqueue b, of several pages") { store in
            let text = String(repeating: "long ", count: 5000)
            _ = try await store.enqueue(.trial("b", payload: ["text": .string(text)], dedupKey: "k"))
        },
        Step(name: "coalesce with b") { store in _ = try await store.enqueue(.trial("c", dedupKey: "k")) },
        Step(name: "schedule") { store in
            _ = try await store.addSchedule(
                ScheduleRecord(
                    id: "s", kind: "trial/k", payload: [:], everySeconds: 60, timeZone: "UTC", catchUp: "once",
                    createdAt: store.now(), nextRunAt: store.now() + .seconds(60)))
        },
        Step(name: "claim") { store in
            _ = try await store.claim(
                ClaimRequest(limit: 2, dispatcherID: "d", host: .trial, leaseExpiresAt: store.now() + .seconds(30)))
        },
        Step(name: "begin a") { store in try await store.beginTrial("a") },
        Step(name: "begin b") { store in try await store.beginTrial("b") },
        Step(name: "seal fifty rows") { store in try await store.sealTrial("a", rows: 0..<50, expected: 0) },
        Step(name: "renew") { store in
            let leases = try await store.liveAttempts().map(\.lease)
            try await store.renew(leases, until: store.now() + .seconds(60), dispatcherID: "d")
        },
        Step(name: "report") { store in
            let line = LogLine(level: 1, message: "half", createdAt: store.now())
            _ = try await store.report([line], progress: ["done": 1], for: store.trialLease("a"))
        },
        Step(name: "seal one row") { store in try await store.sealTrial("a", rows: 50..<51, expected: 1) },
        Step(name: "keep a value") { store in
            try await store.setKeyValue([1], to: Array(repeating: 7, count: 9000), ofPlugin: "trial")
        },
        Step(name: "finish a") { store in
            let row = try SealedRow.trial(51)
            _ = try await store.conclude(try await store.trialLease("a"), sealing: [row]) { job in
                var conclusion = AttemptConclusion(.done, by: .finish, of: job)
                conclusion.result = ["ok": true]
                return conclusion
            }
        },
        Step(name: "retry b later") { store in
            let later = store.now() + .seconds(9)
            _ = try await store.conclude(try await store.trialLease("b")) { job in
                var conclusion = AttemptConclusion(.failed, by: .retry, of: job)
                conclusion.failures += 1
                conclusion.runAfter = later
                return conclusion
            }
        },
        Step(name: "cancel b") { store in _ = try await store.requestCancel("b") },
        Step(name: "reopen b") { store in _ = try await store.retry("b") },
        Step(name: "forget a") { store in
            _ = try await store.pruneJobs(endedBefore: store.now() + .seconds(1), statuses: [.done])
        },
    ]

    /// All that the store shows of what the steps did, as one text.
    static func picture(of store: ArenaStore) async throws -> String {
        var lines: [String] = []
        for job in try await store.jobs(JobFilter(limit: 100)) {
            let attempts = try await store.attempts(ofJob: job.id).map { "\($0.attempt) \($0.end?.rawValue ?? "live")" }
            let triggers = try await store.triggers(ofJob: job.id).map(\.event.rawValue)
            let log = try await store.log(ofJob: job.id).count
            lines.append(
                """
                \(job.id) \(job.status) \(job.payload.text().utf8.count) \(job.attempts) \(job.failures) \
                \(job.checkpointSeq) \(job.runAfter != nil) \(job.result?.text() ?? "") \
                \(job.progress?.text() ?? "") \(attempts) \(triggers) \(log)
                """)
        }
        let rows = try await store.pluginRecords(ofJob: "a", recordType: "note/1")
        let leases = try await store.liveAttempts().map(\.record.leaseExpiresAt.description)
        let value = try await store.keyValue([1], ofPlugin: "trial")?.count ?? 0
        let schedules = try await store.schedules().map(\.id)
        let told = try await store.lastChange()
        return (lines + ["\(rows.count) \(leases) \(value) \(schedules) \(told)"]).joined(separator: "\n")
    }
}

/// The time of the history, so that two runs of it are alike.
struct StandingClock: WallClock {
    func now() -> Timestamp { Timestamp(unixMilliseconds: 1_795_251_600_000) }
}

extension NewJob {
    static func trial(_ id: String, payload: JSONValue = [:], dedupKey: String? = nil) -> NewJob {
        NewJob(
            id: id, kind: "trial/k", payload: payload, dedupKey: dedupKey, trigger: "test", seed: 1, maxAttempts: 3)
    }
}

extension SealedRow {
    fileprivate static func trial(_ number: Int) throws -> SealedRow {
        let text = JSONValue.string(String(repeating: "row ", count: 100))
        return try SealedRow(
            recordType: "note/1", key: "n\(number)", json: ["text": text], pluginID: "trial")
    }
}

extension ArenaStore {
    fileprivate func trialLease(_ jobID: String) async throws -> JobLease {
        guard let live = try await liveAttempts().first(where: { $0.lease.jobID == jobID }) else {
            throw Failure(code: "trial.lost", category: .internalError, message: "Nobody holds \(jobID).")
        }
        return live.lease
    }

    fileprivate func beginTrial(_ jobID: String) async throws {
        let stamp = PluginStamp(id: "trial", version: "1.0.0", sha256: "ab")
        _ = try await begin(try await trialLease(jobID), plugin: stamp)
    }

    fileprivate func sealTrial(_ jobID: String, rows: Range<Int>, expected: UInt64) async throws {
        _ = try await seal(
            try rows.map(SealedRow.trial), checkpoint: Array(repeating: 1, count: 100 * rows.count),
            pluginSHA256: "ab", expected: expected, for: try await trialLease(jobID))
    }
}
