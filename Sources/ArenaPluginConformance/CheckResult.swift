import ArenaCore
package import ArenaJSON
import ArenaPluginHost

/// What one check of a plugin found.
package struct CheckResult: Hashable, Sendable {
    /// Such as `load/twice` or `interface/scorer/exact_match/examples`.
    package let id: String
    package let group: CheckGroup
    /// The plugin, or the kind of it that was examined.
    package let subject: String
    package let verdict: Verdict
    package let duration: Duration

    /// `{id, group, rule, subject, status, message, hint, duration_ms, seed?}`.
    package var json: JSONValue {
        var members: JSONObject = [
            "id": .string(id), "group": .string(group.rawValue),
            "rule": verdict.rule.map(JSONValue.string) ?? .null,
            "subject": .string(subject), "status": .string(verdict.status.rawValue),
            "message": .string(verdict.message), "hint": verdict.hint.map(JSONValue.string) ?? .null,
            "duration_ms": JSONValue(Int(duration.milliseconds)),
        ]
        if let seed = verdict.seed { members["seed"] = .string(String(seed)) }
        return .object(members)
    }
}

/// How a check went, and why.
package struct Verdict: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case pass, fail
        /// There was nothing to examine, or it cannot be examined here.
        case skip
    }

    package var status: Status
    /// The id of the header's sentence, such as `MEM-2`.
    package var rule: String?
    package var message: String
    /// The cure. A check that passes with one works, and should be mended.
    package var hint: String?
    /// What repeats a check that draws lots.
    package var seed: UInt64?
    /// How the plugin was lost during the check; `nil`: it answered.
    var loss: Loss?

    /// Ways in which a plugin leaves a check without an answer.
    enum Loss: Hashable, Sendable {
        case crash, hang
    }

    static func pass(_ message: String) -> Verdict { Verdict(status: .pass, message: message) }

    static func warning(_ message: String, hint: String) -> Verdict {
        Verdict(status: .pass, message: message, hint: hint)
    }

    static func skip(_ reason: String) -> Verdict { Verdict(status: .skip, message: reason) }

    /// - Parameter hint: Default: what cures a breach of the rule.
    static func fail(_ rule: String?, _ message: String, hint: String? = nil) -> Verdict {
        Verdict(status: .fail, rule: rule, message: message, hint: hint ?? rule.flatMap(RuleBook.cure))
    }

    /// The same, as a breach of `rule`.
    func breaking(_ rule: String) -> Verdict {
        var verdict = self
        verdict.rule = rule
        verdict.hint = RuleBook.cure(rule) ?? hint
        return verdict
    }

    /// The plugin crashed or did not answer, which says nothing about what the check is about.
    static func lost(_ fault: PluginFault, given: String? = nil) -> Verdict {
        let given = given.map { " It was given: \($0)." } ?? ""
        var verdict =
            if case .unresponsive = fault.kind {
                fail(
                    "CALL-2", fault.message + given,
                    hint: "Find the loop or the wait that does not end; watch deadline_ns and cancelled() in it.")
            } else {
                fail(
                    "MEM-2", fault.message + given,
                    hint: "Make the same call under a debugger, or build with -fsanitize=address: it ends the process.")
            }
        verdict.loss = if case .unresponsive = fault.kind { .hang } else { .crash }
        return verdict
    }
}
