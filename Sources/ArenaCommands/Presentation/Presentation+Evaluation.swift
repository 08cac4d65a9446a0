import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena eval`: the score with its interval, what the items came to, and what failed and why.
    ///
    /// - Parameter result: `{eval_run_id, bench_id, lane_id, model?, scorer?, repeat?, n_items, n_scored, n_skipped?,
    ///   n_infrastructure, mean_normalized, stderr?, ci95?: [low, high], reasons?: {reason: count}, failures?:
    ///   [{item_id, reason, output?, reference?, explain?}]}`. The interval is at 95 %; without one it is made from the
    ///   standard error.
    /// - Parameter shown: at most this many of the items that failed are listed, each once.
    package static func evaluation(_ result: JSONValue, shown: Int = 10, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("BENCH"), .init("LANE"), .init("MODEL"), .init("SCORER"),
            .init("ITEMS", isNumeric: true), .init("SCORED", isNumeric: true), .init("SKIPPED", isNumeric: true),
            .init("NOT ASKED", isNumeric: true), .init("SCORE", isNumeric: true), .init("95% INTERVAL"),
        ])
        let lost = result["n_infrastructure"]?.int ?? 0
        let skipped = result["n_skipped"]?.int ?? 0
        table.add([
            Cell(plain(result["bench_id"])), Cell(plain(result["lane_id"])), Cell(plain(result["model"])),
            Cell(scorerName(result["scorer"])), Cell(plain(result["n_items"])), Cell(plain(result["n_scored"])),
            Cell(skipped > 0 ? String(skipped) : ""), Cell(lost > 0 ? String(lost) : "", .bad),
            Cell(decimal(result["mean_normalized"]), .heading), Cell(interval(result)),
        ])
        var text = table.text(style) + reasons(result["reasons"], style)
        if lost > 0 {
            text +=
                "\n\(style("attention:", .attention)) \(lost) of \(answerCount(result)) answers are missing for "
                + "reasons of the machinery; they are not part of the score.\n"
        }
        text += checkRates(result["checks"]?.array ?? [], style)
        text += failures(result["failures"]?.array ?? [], shown: shown, style)
        let run = plain(result["eval_run_id"])
        return run.isEmpty ? text : text + "\n\(style("run", .quiet)) \(run.printable)\n"
    }

    /// `arena results`: a line an evaluation.
    package static func runList(_ list: JSONValue, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("RUN"), .init("BENCH"), .init("LANE"), .init("MODEL"), .init("SCORER"),
            .init("ITEMS", isNumeric: true),
            .init("SCORE", isNumeric: true), .init("95% INTERVAL"), .init("FINISHED"),
        ])
        for run in list.array ?? [] {
            table.add([
                Cell(plain(run["id"])), Cell(plain(run["bench_id"])), Cell(plain(run["lane_id"])),
                Cell(plain(run["model"])), Cell(scorerName(run["scorer"])), Cell(plain(run["n_items"])),
                Cell(decimal(run["mean_normalized"]), .heading), Cell(interval(run)), Cell(time(run["finished_at"])),
            ])
        }
        return table.text(style)
    }

    /// Items times repeats.
    private static func answerCount(_ result: JSONValue) -> Int {
        let (count, overflow) = (result["n_items"]?.int ?? 0).multipliedReportingOverflow(
            by: result["repeat"]?.int ?? 1)
        return overflow ? .max : count
    }

    private static func interval(_ result: JSONValue) -> String {
        let bounds = result["ci95"]
        if let low = bounds?[0]?.double, let high = bounds?[1]?.double {
            return "\(decimal(low, 3)) to \(decimal(high, 3))"
        }
        guard let mean = result["mean_normalized"]?.double, let error = result["stderr"]?.double else { return "" }
        let low = max(0, mean - 1.96 * error)
        let high = min(1, mean + 1.96 * error)
        return "\(decimal(low, 3)) to \(decimal(high, 3))"
    }

    private static func scorerName(_ scorer: JSONValue?) -> String { scorer?.string ?? plain(scorer?["id"]) }

    private static func reasons(_ counts: JSONValue?, _ style: TextStyle) -> String {
        guard let counts = counts?.object, !counts.isEmpty else { return "" }
        var table = TextTable([.init("OUTCOME"), .init("ANSWERS", isNumeric: true)])
        for (reason, count) in counts { table.add([Cell(reason, reason == "ok" ? .good : nil), Cell(plain(count))]) }
        return "\n" + table.text(style)
    }

    private static func failures(_ list: [JSONValue], shown: Int, _ style: TextStyle) -> String {
        guard !list.isEmpty else { return "" }
        let items = grouped(list)
        let isRepeated = items.contains { $0.count > 1 }
        var table = TextTable([
            .init("ITEM"), .init("TIMES", isNumeric: true), .init("WHY"), .init("ANSWER"), .init("EXPECTED"),
            .init("EXPLANATION"),
        ])
        for answers in items.prefix(shown) {
            guard let item = answers.first else { continue }
            var reasons: [String] = []
            for reason in answers.map({ plain($0["reason"]) }) where !reasons.contains(reason) {
                reasons.append(reason)
            }
            table.add([
                Cell(plain(item["item_id"])), Cell(isRepeated ? String(answers.count) : ""),
                Cell(reasons.joined(separator: ", "), reasons.contains("infrastructure") ? .bad : .attention),
                Cell(plain(item["output"]).printable.shortened(to: 32)),
                Cell(plain(item["reference"]).printable.shortened(to: 24)),
                Cell(plain(item["explain"]).printable.shortened(to: 48)),
            ])
        }
        let more = items.count - shown
        let rest = more > 0 ? "  and \(more) more: `arena results` with the run below lists them all\n" : ""
        return heading("What failed", style) + table.text(style) + style(rest, .quiet)
    }

    /// The failures of each item together, in the order of their first.
    private static func grouped(_ list: [JSONValue]) -> [[JSONValue]] {
        var places: [String: Int] = [:]
        var groups: [[JSONValue]] = []
        for failure in list {
            let id = plain(failure["item_id"])
            if let place = places[id] {
                groups[place].append(failure)
            } else {
                places[id] = groups.count
                groups.append([failure])
            }
        }
        return groups
    }
}
