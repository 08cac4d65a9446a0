import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena plugin list`: one row a kind, then what needs attention and why.
    ///
    /// - Parameter list: elements `{interface, id, title, plugin, version, sha256, isolation, sandbox, granted, state,
    ///   reason?}`; a plugin that is not ready has no `interface`.
    package static func pluginList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No plugins. Put one into a plugin directory, or run 'arena doctor'.\n" }
        var table = TextTable([
            .init("INTERFACE"), .init("ID"), .init("PLUGIN"), .init("VERSION"), .init("RUNS IN"),
            .init("SANDBOX"), .init("STATE"),
        ])
        var attention: [(plugin: String, reasons: [String])] = []
        for element in elements {
            let state = plain(element["state"])
            let plugin = plain(element["plugin"])
            table.add([
                Cell(shortInterface(plain(element["interface"]))), Cell(plain(element["id"])), Cell(plugin),
                Cell(plain(element["version"])), Cell(plain(element["isolation"])), Cell(plain(element["sandbox"])),
                Cell(state, role(ofState: state)),
            ])
            let reason = message(element["reason"])
            guard !reason.isEmpty else { continue }
            let name = plugin.isEmpty ? plain(element["id"]) : plugin
            if attention.last?.plugin != name { attention.append((name, [])) }
            attention[attention.count - 1].reasons.append(reason)
        }
        let text = table.text(style)
        guard !attention.isEmpty else { return text }
        return text + heading("Needs attention", style) + attention.map { notes($0.plugin, $0.reasons, style) }.joined()
    }

    /// What is to be said of a plugin, each thing once, and where more is to be read.
    private static func notes(_ plugin: String, _ reasons: [String], _ style: TextStyle) -> String {
        var lines: [String] = []
        for reason in reasons {
            let line = "  \(style(plugin.printable, .attention)): \(reason.printable)\n"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined() + "  \(style("see", .quiet)) arena plugin info \(plugin.printable)\n"
    }

    /// `arena plugin info`: what a plugin is, what it provides, what it asks for, why it is not ready and the cure.
    package static func pluginInfo(_ plugin: JSONValue, _ style: TextStyle) -> String {
        let state = plain(plugin["state"])
        var fields = TextFields()
        fields.add("id", plain(plugin["id"]), .heading)
        fields.add("title", plain(plugin["title"]))
        fields.add("state", state, role(ofState: state))
        fields.add("version", plain(plugin["version"]))
        fields.add("description", plain(plugin["description"]))
        fields.add("licence", plain(plugin["license"]))
        fields.add("from", plain(plugin["path"]))
        fields.add("sha256", plain(plugin["sha256"]))
        fields.add("ABI", plain(plugin["abi"]))
        fields.add("granted", plain(plugin["granted"]))
        fields.add("runs in", plain(plugin["isolation"]))
        fields.add("sandbox", plain(plugin["sandbox"]))
        fields.add("capabilities", capabilities(plugin["capabilities"]))
        var text = fields.text(style)
        text += provided(plugin["provides"], style)
        for kind in plugin["provides"]?.array ?? [] { text += settings(of: kind, style) }
        text += services(plugin["services"], style)
        let warnings = (plugin["warnings"]?.array ?? []).map { "  \(plain($0).printable)\n" }.joined()
        if !warnings.isEmpty { text += heading("Warnings", style) + warnings }
        let why = errorLines(plugin["reason"], hint: plugin["hint"], style)
        let faults = plugin["faults"]?.array ?? []
        if !faults.isEmpty {
            text += heading("What is wrong with its rubrics", style)
            text += faults.map { fault($0, in: plain($0["file"]).printable, style) }.joined()
        } else if !why.isEmpty {
            text += heading("Why it is not ready", style) + why
        }
        return text
    }

    private static func provided(_ kinds: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([.init("INTERFACE"), .init("ID"), .init("ALSO"), .init("TITLE"), .init("RUNS IN")])
        for kind in kinds?.array ?? [] {
            table.add([
                Cell(shortInterface(plain(kind["interface"]))), Cell(plain(kind["id"])),
                Cell(plain(kind["aliases"])), Cell(plain(kind["title"])), Cell(plain(kind["isolation"])),
            ])
        }
        return table.isEmpty ? "" : heading("Provides", style) + table.text(style)
    }

    /// Services are names, or `{id, …scopes, withheld?}`.
    private static func services(_ services: JSONValue?, _ style: TextStyle) -> String {
        var table = TextTable([.init("SERVICE"), .init("SCOPE"), .init("WITHHELD")])
        for service in services?.array ?? [] {
            var scope = service.object ?? [:]
            scope["id"] = nil
            scope["withheld"] = nil
            table.add([
                Cell(service.string ?? plain(service["id"])),
                Cell(scope.map { "\($0.key): \(plain($0.value))" }.joined(separator: "; ")),
                Cell(message(service["withheld"]), .attention),
            ])
        }
        return table.isEmpty ? "" : heading("Asks for", style) + table.text(style)
    }

    private static func capabilities(_ value: JSONValue?) -> String {
        (value?.object ?? [:]).map { "\($0.key): \(plain($0.value))" }.joined(separator: ", ")
    }

    /// `arena.scorer/1` as `scorer`; revision 1 goes without saying.
    private static func shortInterface(_ name: String) -> String {
        var text = name[...]
        if text.hasPrefix("arena.") { text = text.dropFirst(6) }
        if text.hasSuffix("/1") { text = text.dropLast(2) }
        return String(text)
    }
}

extension Presentation {
    typealias Cell = TextTable.Cell
}
