import ArenaCore

/// A check that is about to be made.
package struct PlannedCheck: Sendable {
    package let id: String
    package let group: CheckGroup
    package let subject: String
    /// What holds when it passes: a clause for people.
    package let title: String
    let body: @Sendable () async throws -> Verdict

    init(
        _ group: CheckGroup, _ name: String, subject: String, _ title: String,
        body: @escaping @Sendable () async throws -> Verdict
    ) {
        id = "\(group.rawValue)/\(name)"
        self.group = group
        self.subject = subject
        self.title = title
        self.body = body
    }

    func run() async -> CheckResult {
        let start = monotonicNanoseconds()
        var verdict: Verdict
        do { verdict = try await body() } catch {
            let failure = Failure(error)
            verdict = .fail(nil, failure.message, hint: failure.hint)
        }
        if verdict.message.isEmpty { verdict.message = title }
        let duration = Duration.nanoseconds(Int64(clamping: monotonicNanoseconds() - start))
        return CheckResult(id: id, group: group, subject: subject, verdict: verdict, duration: duration)
    }
}
