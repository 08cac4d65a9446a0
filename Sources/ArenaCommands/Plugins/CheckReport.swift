import ArenaCore
import ArenaPluginConformance
import Synchronization

/// The results of a check for people, as they come: grouped, a line a check, and at the end how it went.
final class CheckReport: Sendable {
    /// What was examined is faulty: `EX_DATAERR` of `sysexits.h`.
    static let faultyStatus: Int32 = 65

    private let style: TextStyle
    private let group = Mutex<CheckGroup?>(nil)

    init(style: TextStyle) { self.style = style }

    /// The lines of one result, below the title of its group where that is new.
    func lines(of result: CheckResult) -> String {
        let isNew = group.withLock { group in
            defer { group = result.group }
            return group != result.group
        }
        return (isNew ? "\(result.group.rawValue): \(result.group.title)\n" : "") + line(result)
    }

    private func line(_ result: CheckResult) -> String {
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

    static func summary(of results: [CheckResult]) -> String {
        func count(_ status: Verdict.Status) -> Int { results.filter { $0.verdict.status == status }.count }
        let time = results.reduce(Duration.zero) { $0 + $1.duration }.milliseconds
        return "\(count(.pass)) passed, \(count(.fail)) failed, \(count(.skip)) skipped, "
            + "in \(time / 1000).\(time / 100 % 10) s"
    }
}
