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
            .init("ATTEMPTS", isNumeric: true), .init("TRIGGER"), .init("ENQUEUED (UTC)"), .init("FINISHED (UTC)"),
            .init("ERROR"),
        ])
        for job in elements {
            let status = plain(job["status"])
            table.add([
                Cell(plain(job["id"])), Cell(plain(job["kind"])), Cell(status, role(ofState: status)),
                Cell(progress(job["progress"])), Cell(attemptCount(job["attempts"])), Cell(plain(job["trigger"])),
                Cell(time(job["enqueued_at"])), Cell(time(job["finished_at"])),
                Cell(message(job["error"]).printable.shortened(to: 60), .bad),
            ])
        }
        return table.text(style)
    }

    /// `arena job show`: one job with its attempts, result and error.
    package static func job(_ job: JSONValue, _ style: TextStyle) -> String {
        let status = plain(job["status"])
        var fields = TextFields()
        fields.add("id", plain(job["id"]), .heading)
        fields.add("kind", plain(job["kind"]))
        fields.add("status", status, role(ofState: status))
        fields.add("progress", progress(job["progress"]))
        fields.add("trigger", plain(job["trigger"]))
        fields.add("priority", plain(job["priority"]))
        fields.add("attempts", attemptCount(job["attempts"]))
        fields.add("enqueued", moment(job["enqueued_at"]))
        fields.add("started", moment(job["started_at"]))
        fields.add("finished", moment(job["finished_at"]))
        fields.add("payload", job["payload"]?.text())
        var text = fields.text(style) + attempts(job["attempt_history"], style)
        let error = errorLines(job["error"], style)
        if !error.isEmpty { text += heading("Error", style) + error }
        if let result = job["result"], !result.isNull {
            text += heading("Result", style) + lines(of: result)
        }
        return text + log(job["log"], style)
    }

    private static func attempts(_ list: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([
            .init("ATTEMPT", isNumeric: true), .init("OUTCOME"), .init("STARTED (UTC)"), .init("FINISHED (UTC)"),
            .init("ERROR"),
        ])
        for (index, attempt) in (list?.array ?? []).enumerated() {
            let outcome = plain(attempt["outcome"] ?? attempt["status"])
            table.add([
                Cell(plain(attempt["attempt"] ?? JSONValue(index + 1))), Cell(outcome, role(ofState: outcome)),
                Cell(time(attempt["started_at"])), Cell(time(attempt["finished_at"])),
                Cell(message(attempt["error"])),
            ])
        }
        return table.isEmpty ? "" : heading("Attempts", style) + table.text(style)
    }

    /// The last lines of the log, oldest first.
    private static func log(_ lines: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([.init("TIME (UTC)"), .init("LEVEL"), .init("LINE")])
        let levels = ["debug", "info", "warning", "error"]
        for line in lines?.array ?? [] {
            let level = min(3, max(0, line["level"]?.int ?? 1))
            let role: TextStyle.Role? = level == 3 ? .bad : level == 2 ? .attention : .quiet
            table.add([Cell(time(line["created_at"])), Cell(levels[level], role), Cell(plain(line["message"]))])
        }
        return table.isEmpty ? "" : heading("Log", style) + table.text(style)
    }

    /// A count, or the count of a list.
    private static func attemptCount(_ value: JSONValue?) -> String {
        value?.array.map { String($0.count) } ?? plain(value)
    }

    private static func progress(_ value: JSONValue?) -> String {
        guard let done = value?["done"]?.int else { return "" }
        return value?["total"]?.int.map { "\(done)/\($0)" } ?? "\(done)"
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
