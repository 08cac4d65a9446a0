import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena job list`: one row a job, newest first.
    ///
    /// - Parameter list: elements `{id, kind, status, trigger, attempts, progress?, enqueued_at, finished_at?, error?}`.
    package static func jobList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No jobs.\n" }
        var table = TextTable([
            .init("ID"), .init("KIND"), .init("STATUS"), .init("PROGRESS", isNumeric: true),
            .init("ATTEMPTS", isNumeric: true), .init("TRIGGER"), .init("ENQUEUED (UTC)"), .init("WAITS FOR (UTC)"),
            .init("FINISHED (UTC)"), .init("ERROR"),
        ])
        for job in elements {
            let status = plain(job["status"])
            table.add([
                Cell(plain(job["id"])), Cell(plain(job["kind"])), Cell(status, role(ofState: status)),
                Cell(progress(job["progress"])), Cell(attemptCount(job["attempts"])), Cell(plain(job["trigger"])),
                Cell(time(job["enqueued_at"])), Cell(time(job["run_after"])), Cell(time(job["finished_at"])),
                Cell(message(job["error"]).printable.shortened(to: 60), .bad),
            ])
        }
        return table.text(style)
    }

    /// `arena job show`: one job with its attempts, audit trail, result, error and the end of its log.
    package static func job(_ job: JSONValue, _ style: TextStyle) -> String {
        let status = plain(job["status"])
        var fields = TextFields()
        fields.add("id", plain(job["id"]), .heading)
        fields.add("kind", plain(job["kind"]))
        fields.add("status", status, role(ofState: status))
        fields.add("reason", plain(job["reason"]))
        fields.add("progress", progressWithETA(job["progress"]))
        fields.add("trigger", plain(job["trigger"]))
        fields.add("priority", plain(job["priority"]))
        fields.add("attempts", attemptCount(job["attempts"]))
        fields.add("enqueued", moment(job["enqueued_at"]))
        fields.add("waits for", moment(job["run_after"]))
        fields.add("started", moment(job["started_at"]))
        fields.add("cancel asked", moment(job["cancel_requested_at"]))
        fields.add("finished", moment(job["finished_at"]))
        fields.add("waited", span(job["queued_ms"]))
        fields.add("ran", span(job["run_ms"]))
        fields.add("payload", job["payload"]?.text())
        var text = fields.text(style) + attempts(job["attempt_history"], style) + triggers(job["triggers"], style)
        let error = errorLines(job["error"], style)
        if !error.isEmpty { text += heading("Error", style) + error }
        // A poisoned job keeps its last lines with its failure, for its log may be long.
        text += log(job["error"]?["detail"]?["log"], "Last lines before it was given up", style)
        if let result = job["result"], !result.isNull {
            text += heading("Result", style) + lines(of: result)
        }
        return text + log(job["log"], "Log", style)
    }

    private static func attempts(_ list: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("ATTEMPT", isNumeric: true), .init("OUTCOME"), .init("STARTED (UTC)"), .init("FINISHED (UTC)"),
            .init("TOOK", isNumeric: true), .init("ERROR"),
        ])
        for (index, attempt) in (list?.array ?? []).enumerated() {
            let outcome = plain(attempt["outcome"] ?? attempt["status"])
            table.add([
                Cell(plain(attempt["attempt"] ?? JSONValue(index + 1))), Cell(outcome, role(ofState: outcome)),
                Cell(time(attempt["started_at"])), Cell(time(attempt["finished_at"])),
                Cell(span(attempt["duration_ms"])), Cell(message(attempt["error"])),
            ])
        }
        return table.isEmpty ? "" : heading("Attempts", style) + table.text(style)
    }

    /// Who asked for it and what became of that, oldest first.
    private static func triggers(_ list: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("TIME (UTC)"), .init("EVENT"), .init("SOURCE"), .init("TIMES", isNumeric: true), .init("LAST (UTC)"),
            .init("DETAIL"),
        ])
        for trigger in list?.array ?? [] {
            let isRepeated = (trigger["count"]?.int ?? 1) > 1
            let detail = trigger["detail"].flatMap { $0.object?.isEmpty == false ? $0.text() : nil } ?? ""
            table.add([
                Cell(time(trigger["created_at"])), Cell(plain(trigger["event"])), Cell(plain(trigger["source"])),
                Cell(isRepeated ? plain(trigger["count"]) : ""), Cell(isRepeated ? time(trigger["last_at"]) : ""),
                Cell(detail.printable.shortened(to: 80)),
            ])
        }
        return table.isEmpty ? "" : heading("Audit trail", style) + table.text(style)
    }

    private static let levels = ["debug", "info", "warning", "error"]

    private static func level(of line: JSONValue) -> (name: String, role: TextStyle.Role?) {
        let level = min(3, max(0, line["level"]?.int ?? 1))
        return (levels[level], level == 3 ? .bad : level == 2 ? .attention : .quiet)
    }

    /// Lines of a log below a heading, oldest first.
    private static func log(_ lines: JSONValue?, _ title: String, _ style: TextStyle) -> String {
        var table = TextTable([.init("TIME (UTC)"), .init("LEVEL"), .init("LINE")])
        for line in lines?.array ?? [] {
            let level = level(of: line)
            table.add([Cell(time(line["created_at"])), Cell(level.name, level.role), Cell(plain(line["message"]))])
        }
        return table.isEmpty ? "" : heading(title, style) + table.text(style)
    }

    /// `arena job log`: one line, with the number of its attempt. Lines come one by one, so their columns are fixed.
    package static func logLine(_ line: JSONValue, _ style: TextStyle) -> String {
        let level = level(of: line)
        let padding = String(repeating: " ", count: 7 - level.name.count)
        let fields = line["fields"].flatMap { $0.object?.isEmpty == false ? " " + $0.text() : nil } ?? ""
        let head = "\(time(line["created_at"])) #\(plain(line["attempt"])) \(style(level.name, level.role))\(padding)"
        return "\(head) \((plain(line["message"]) + fields).printable)\n"
    }

    /// A count, or the count of a list.
    private static func attemptCount(_ value: JSONValue?) -> String {
        value?.array.map { String($0.count) } ?? plain(value)
    }

    private static func progress(_ value: JSONValue?) -> String {
        guard let done = value?["done"]?.int else { return "" }
        return value?["total"]?.int.map { "\(done)/\($0)" } ?? "\(done)"
    }

    /// `5/60, sleeping, 42.0 s left`, and what else the plugin says.
    private static func progressWithETA(_ value: JSONValue?) -> String {
        let left = span(value?["eta_s"]?.double.map { JSONValue($0 * 1000) })
        let parts = [
            progress(value), plain(value?["phase"]), left.isEmpty ? "" : "\(left) left",
            value?["fields"].flatMap { $0.object?.isEmpty == false ? $0.text() : nil } ?? "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// The members of an object as lines, anything else as JSON.
    private static func lines(of value: JSONValue) -> String {
        guard let members = value.object else { return value.text(.pretty).printableLines + "\n" }
        var fields = TextFields()
        for (key, member) in members { fields.add(key, plain(member)) }
        return fields.text(.plain)
    }
}

extension String {
    /// ``printable`` line by line.
    var printableLines: String { split(separator: "\n").map { String($0).printable }.joined(separator: "\n") }
}
