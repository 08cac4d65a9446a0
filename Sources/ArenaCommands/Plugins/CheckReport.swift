import ArenaCore
import ArenaPluginConformance

/// The results of a check for people: grouped, a line a check, and at the end how it went.
struct CheckReport {
    let results: [CheckResult]

    /// What was examined is faulty: `EX_DATAERR` of `sysexits.h`.
    static let faultyStatus: Int32 = 65

    func text(_ style: TextStyle) -> String {
        var text = ""
        for group in CheckGroup.allCases {
            let results = results.filter { $0.group == group }
            guard !results.isEmpty else { continue }
            text += "\(group.rawValue): \(group.title)\n"
            for result in results { text += line(result, style) }
        }
        return text + "\(summary)\n"
    }

    private func line(_ result: CheckResult, _ style: TextStyle) -> String {
        let verdict = result.verdict
        let (word, role): (String, TextStyle.Role) =
            switch verdict.status {
            case .pass: verdict.hint == nil ? ("pass", .good) : ("warn", .attention)
            case .fail: ("fail", .bad)
            case .skip: ("skip", .quiet)
            }
        let rule = verdict.rule.map { " [\($0)]" } ?? ""
        let name = result.id.dropFirst(result.group.rawValue.count + 1)
        var text = "  \(style(word, role))  \(name): \(verdict.message.printable)\(rule)"
        text += "  \(style("\(result.duration.milliseconds) ms", .quiet))\n"
        if let hint = verdict.hint { text += "        hint: \(hint.printable)\n" }
        if let seed = verdict.seed, verdict.status == .fail { text += "        seed: \(seed)\n" }
        return text
    }

    private var summary: String {
        func count(_ status: Verdict.Status) -> Int { results.filter { $0.verdict.status == status }.count }
        let time = results.reduce(Duration.zero) { $0 + $1.duration }.milliseconds
        return "\(count(.pass)) passed, \(count(.fail)) failed, \(count(.skip)) skipped, "
            + "in \(time / 1000).\(time / 100 % 10) s"
    }
}
