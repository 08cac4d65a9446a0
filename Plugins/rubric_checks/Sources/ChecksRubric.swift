import ArenaJSON
import ArenaPluginKit

/// A rubric read from a YAML document.
struct ChecksRubric: RubricPlugin {
    private let rubric: RubricDocument

    init(document: [UInt8]) throws(PluginError) {
        switch RubricDocument.read(document) {
        case .success(let rubric): self.rubric = rubric
        case .failure(let faults):
            let first = faults.list.first
            let more =
                faults.list.count > 1 ? " And \(faults.list.count - 1) more: `arena rubric check` names all." : ""
            throw PluginError(
                .invalidArgument, code: "rubric.invalid",
                "line \(first?.line ?? 1), column \(first?.column ?? 1): \(first?.message ?? "No rubric.")\(more)",
                hint: first?.hint, retry: false)
        }
    }

    static func faults(in document: [UInt8]) -> [RubricFault] {
        switch RubricDocument.read(document) {
        case .success: []
        case .failure(let faults): faults.list
        }
    }

    var description: JSONValue {
        [
            "id": .string(rubric.id), "title": .string(rubric.title), "description": .string(rubric.description),
            "line": JSONValue(rubric.line), "column": JSONValue(rubric.column),
            "checks": .array(
                rubric.checks.map { check in
                    var members: JSONObject = [
                        "name": .string(check.name), "kind": .string(check.kind), "weight": JSONValue(check.weight),
                        "why": .string(check.why), "line": JSONValue(check.line), "column": JSONValue(check.column),
                    ]
                    switch check.work {
                    case .scorer(let scorer, let config, _):
                        members["scorer"] = .string(scorer)
                        members["config"] = config
                    case .judge: members["judge"] = true
                    }
                    return .object(members)
                }),
        ]
    }

    func plan(_ item: ScoreItem) throws(PluginError) -> JSONValue {
        .array(
            rubric.checks.map { check in
                var step: JSONObject = ["name": .string(check.name), "weight": JSONValue(check.weight)]
                switch check.work {
                case .scorer(let scorer, let config, let references):
                    step["scorer"] = .string(scorer)
                    step["config"] = config
                    if let references { step["references"] = .array(references.map(JSONValue.string)) }
                case .judge(let question): step["judge"] = question.messages(item)
                }
                return .object(step)
            })
    }

    func combine(_ item: ScoreItem, results: [JSONValue]) throws(PluginError) -> JSONValue {
        guard results.count == rubric.checks.count else {
            throw PluginError(
                .invalidArgument, code: "rubric.results",
                "There are \(results.count) results for \(rubric.checks.count) checks.")
        }
        var earned = 0.0
        var possible = 0.0
        var requirementFailed = false
        var requirementLeftOut = false
        var checks: [JSONValue] = []
        for (check, result) in zip(rubric.checks, results) {
            let outcome = CheckOutcome(check, result)
            if let value = outcome.value {
                possible += check.weight
                earned += check.weight * value
                if check.isRequired, !outcome.isPass { requirementFailed = true }
            } else if check.isRequired {
                requirementLeftOut = true
            }
            checks.append([
                "name": .string(check.name), "kind": .string(check.kind),
                "ok": outcome.value == nil ? .null : .bool(outcome.isPass), "why": .string(outcome.why),
                "weight": JSONValue(check.weight),
            ])
        }
        var score: JSONObject = ["checks": .array(checks)]
        if requirementFailed {
            score["total"] = 0
            score["pass"] = false
        } else if possible > 0, !requirementLeftOut {
            let total = min(1, max(0, earned / possible))
            score["total"] = JSONValue(total)
            score["pass"] = .bool(total >= rubric.passAt - 1e-9)
        } else {
            score["total"] = .null
        }
        return .object(score)
    }
}

/// What came of one check.
struct CheckOutcome {
    /// 0 to 1; `nil` when the check was left out.
    var value: Double?
    var isPass = false
    var why: String

    init(_ check: DocumentCheck, _ result: JSONValue) {
        why = result["explain"]?.string ?? ""
        if result["skipped"]?.bool == true {
            why = "left out: \(why.isEmpty ? "it does not apply" : why)"
            return
        }
        switch check.work {
        case .judge(let question):
            guard let read = question.read(result["text"]?.string ?? "") else {
                why = "left out: the judge's answer holds no score from 0 to \(question.scale)"
                return
            }
            value = read.value
            isPass = read.value >= 0.5
            why = read.why
        case .scorer:
            guard let given = result["value"]?.double, given.isFinite else {
                why = "left out: the scorer gave no value. \(why)"
                return
            }
            let given01 = min(1, max(0, given))
            let passed = result["pass"]?.bool ?? (given01 >= 0.5)
            guard check.isNegated else {
                value = given01
                isPass = passed
                return
            }
            // A scorer that found no answer has not shown that the answer lacks something.
            let looked = ["wrong", "refused"].contains(result["reason"]?.string)
            isPass = !passed && looked
            value = isPass ? 1 - given01 : 0
        }
    }
}
