import ArenaCore
import ArenaPluginHost

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

    /// The kind that the check puts to work, as `scorer/exact_match`; `nil`: none, or the plugin as a whole.
    var kind: String? {
        let parts = id.split(separator: "/")
        return group == .static || parts.count < 3 ? nil : "\(parts[1])/\(parts[2])"
    }

    func skipped(_ reason: String) -> CheckResult {
        CheckResult(id: id, group: group, subject: subject, verdict: .skip(reason), duration: .zero)
    }

    func run() async -> CheckResult {
        let start = monotonicNanoseconds()
        var verdict: Verdict
        do { verdict = try await body() } catch let fault as PluginFault where fault.endsCheck {
            verdict = .lost(fault.naming(subject))
        } catch {
            let failure = Failure(error)
            verdict = .fail(nil, failure.message, hint: failure.hint)
        }
        if verdict.message.isEmpty { verdict.message = title }
        let duration = Duration.nanoseconds(Int64(clamping: monotonicNanoseconds() - start))
        return CheckResult(id: id, group: group, subject: subject, verdict: verdict, duration: duration)
    }
}

extension PluginFault {
    /// Whether the plugin crashed, hung or broke the wire: the machine had a child for it.
    fileprivate var endsCheck: Bool {
        if case .workerUnavailable = kind { return false }
        return lostChild
    }
}
