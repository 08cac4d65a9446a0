import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena lane list`: one row a lane.
    ///
    /// - Parameter list: elements `{id, type, title?, model?, base_url?, state?, source?, reason?}`.
    package static func laneList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No lanes. `arena lane add` adds one.\n" }
        var table = TextTable([
            .init("ID"), .init("TYPE"), .init("MODEL"), .init("STATE"), .init("FROM"), .init("ADDRESS"),
            .init("TITLE"), .init("REASON"),
        ])
        for lane in elements {
            let state = plain(lane["state"])
            let title = plain(lane["title"])
            table.add([
                Cell(plain(lane["id"])), Cell(plain(lane["type"])), Cell(plain(lane["model"])),
                Cell(state, role(ofState: state)), Cell(plain(lane["source"])),
                Cell(plain(lane["base_url"])), Cell(title == plain(lane["id"]) ? "" : title),
                Cell(message(lane["reason"])),
            ])
        }
        return table.text(style)
    }

    /// `arena lane add`: what answers, and where the lane stands now.
    package static func laneAdded(_ answer: JSONValue, _ style: TextStyle) -> String {
        let id = plain(answer["id"])
        var text = ""
        if let identity = answer["identity"], !identity.isNull { text += self.identity(identity) + "\n" }
        if let note = answer["note"]?.string { text += note.printable + "\n" }
        text += "Lane \(id.printable) is in \(plain(answer["file"]).printable).\n"
        return text + "Try it: arena lane check \(id.printable)\n"
    }

    /// `arena lane check`: one row a step, with what it found.
    package static func laneCheck(_ report: JSONValue, _ style: TextStyle) -> String {
        var table = TextTable([.init("STEP"), .init("STATE"), .init("MS"), .init("FOUND")])
        for step in report["steps"]?.array ?? [] {
            let name = plain(step["step"])
            let state = step["ok"]?.bool == true ? "ok" : "failed"
            let found = step["ok"]?.bool == true ? self.found(name, report[name]) : message(step["error"])
            table.add([Cell(name), Cell(state, role(ofState: state)), Cell(decimal(step["ms"], 1)), Cell(found)])
        }
        return table.text(style)
    }

    private static func found(_ step: String, _ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "" }
        switch step {
        case "identity": return identity(value)
        case "models":
            let names = (value.array ?? []).map { plain($0["id"]) }
            let more = names.count > 5 ? ", … \(names.count) in all" : ""
            return names.prefix(5).joined(separator: ", ") + more
        case "chat":
            let first = value["first_token_ms"].map { "first token after \(decimal($0, 1)) ms, " } ?? ""
            let tokens =
                value["usage"]?["completion_tokens"]?.int.map { "\($0) \($0 == 1 ? "token" : "tokens"), " } ?? ""
            return first + tokens + "\(plain(value["finish_reason"])): " + plain(value["content"])
        default: return ""
        }
    }

    private static func identity(_ value: JSONValue) -> String {
        var words = plain(value["title"])
        if let version = value["version"] { words += " " + plain(version) }
        if let state = value["state"]?.string, state != "ready" { words += ", \(state)" }
        let models = value["models"]?.array?.count ?? 0
        return words + ", \(models) \(models == 1 ? "model" : "models")"
    }
}
