import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena bench list`: one row a bench, then why some cannot be used.
    ///
    /// - Parameter list: elements `{id, title?, items?, scorer?, source?, state, reason?, hint?}`.
    package static func benchList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No benches. Put one into benches/ of the Arena home.\n" }
        var table = TextTable([
            .init("ID"), .init("ITEMS", isNumeric: true), .init("SCORER"), .init("STATE"), .init("TITLE"),
            .init("FROM"),
        ])
        var problems = ""
        for bench in elements {
            let state = plain(bench["state"])
            let title = plain(bench["title"])
            table.add([
                Cell(plain(bench["id"])), Cell(plain(bench["items"])), Cell(plain(bench["scorer"])),
                Cell(state, role(ofState: state)), Cell(title == plain(bench["id"]) ? "" : title),
                Cell(plain(bench["source"])),
            ])
            problems += errorLines(bench["reason"], hint: bench["hint"], style)
        }
        let text = table.text(style)
        return problems.isEmpty ? text : text + heading("Cannot be used", style) + problems
    }
}
