import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena lane list`: one row a lane.
    ///
    /// - Parameter list: elements `{id, type, title?, model?, state?, source?, reason?}`.
    package static func laneList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No lanes. Name one under 'lanes' in arena.yaml.\n" }
        var table = TextTable([
            .init("ID"), .init("TYPE"), .init("MODEL"), .init("STATE"), .init("FROM"), .init("TITLE"),
            .init("REASON"),
        ])
        for lane in elements {
            let state = plain(lane["state"])
            let title = plain(lane["title"])
            table.add([
                Cell(plain(lane["id"])), Cell(plain(lane["type"])), Cell(plain(lane["model"])),
                Cell(state, role(ofState: state)), Cell(plain(lane["source"])),
                Cell(title == plain(lane["id"]) ? "" : title), Cell(message(lane["reason"])),
            ])
        }
        return table.text(style)
    }
}
