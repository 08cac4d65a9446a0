import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena schedule list`: one row a schedule.
    package static func scheduleList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else {
            return
                "No schedules. A first one: arena schedule add sleep --id nap --every 1h --payload '{\"seconds\": 1}'\n"
        }
        var table = TextTable([
            .init("ID"), .init("KIND"), .init("WHEN"), .init("ZONE"), .init("CATCH UP"), .init("STATE"),
            .init("NEXT (UTC)"), .init("LAST FIRED (UTC)"), .init("ERROR"),
        ])
        for schedule in elements {
            let isEnabled = schedule["enabled"] == true
            table.add([
                .init(plain(schedule["id"])), .init(plain(schedule["kind"])), .init(rule(of: schedule)),
                .init(schedule["cron"] == nil ? "" : plain(schedule["tz"])), .init(plain(schedule["catch_up"])),
                .init(isEnabled ? "enabled" : "disabled", isEnabled ? .good : .attention),
                .init(time(schedule["next_run_at"])), .init(time(schedule["last_fired_at"])),
                .init(message(schedule["error"]), .bad),
            ])
        }
        return table.text(style)
    }

    /// `arena schedule show`: one schedule with its next times.
    package static func schedule(_ schedule: JSONValue, _ style: TextStyle) -> String {
        let isEnabled = schedule["enabled"] == true
        var fields = TextFields()
        fields.add("id", plain(schedule["id"]), .heading)
        fields.add("kind", plain(schedule["kind"]))
        fields.add("when", rule(of: schedule))
        if schedule["cron"] != nil { fields.add("zone", plain(schedule["tz"])) }
        fields.add("catch up", plain(schedule["catch_up"]))
        fields.add("state", isEnabled ? "enabled" : "disabled", isEnabled ? .good : .attention)
        fields.add("created", moment(schedule["created_at"]))
        fields.add("last fired", moment(schedule["last_fired_at"]))
        fields.add("payload", schedule["payload"]?.text())
        let times = (schedule["next_runs"]?.array ?? []).map { "\(moment($0))\n" }
        let next = times.isEmpty ? "" : heading("Next", style) + times.joined()
        return fields.text(style) + next + errorLines(schedule["error"], style)
    }

    /// `arena drain`: what the pass did.
    package static func drain(_ report: JSONValue, _ style: TextStyle) -> String {
        if let reason = report["reason"]?.string { return reason + "\n" }
        var text = ""
        for fired in report["fired"]?.array ?? [] {
            let what = fired["coalesced"] == true ? "joined" : "enqueued"
            text += "Schedule \(plain(fired["schedule"])) \(what) job \(plain(fired["job_id"])).\n"
        }
        for failed in report["failures"]?.array ?? [] {
            text += "Schedule \(plain(failed["schedule"])) could not be fired.\n" + errorLines(failed["error"], style)
        }
        let jobs = report["drained"]?.array ?? []
        guard !jobs.isEmpty else { return text + "Nothing to run.\n" }
        var table = TextTable([.init("ID"), .init("KIND"), .init("STATUS"), .init("ERROR")])
        for job in jobs {
            let status = plain(job["status"])
            table.add([
                .init(plain(job["id"])), .init(plain(job["kind"])), .init(status, role(ofState: status)),
                .init(message(job["error"]).shortened(to: 80), .bad),
            ])
        }
        text += table.text(style)
        if let refused = report["refused"]?["id"]?.string {
            text += "Job \(refused) was refused and ended the pass: \(message(report["refused"]?["error"]).printable)\n"
        }
        return text
    }

    private static func rule(of schedule: JSONValue) -> String {
        if let cron = schedule["cron"]?.string { return cron }
        guard let seconds = schedule["every_s"]?.int else { return "" }
        let units: KeyValuePairs = [86_400: "d", 3600: "h", 60: "m", 1: "s"]
        return units.first { seconds % $0.key == 0 }.map { "every \(seconds / $0.key)\($0.value)" } ?? ""
    }
}
