import ArenaCore
package import ArenaJSON

extension Presentation {
    /// `arena job list --paused`: one row a kind.
    package static func pausedKinds(_ list: JSONValue, _ style: TextStyle) -> String {
        var table = TextTable([.init("KIND"), .init("PAUSED (UTC)"), .init("REASON")])
        for kind in list.array ?? [] {
            table.add([Cell(plain(kind["kind"])), Cell(time(kind["paused_at"])), Cell(plain(kind["reason"]))])
        }
        return table.isEmpty ? "No kind is paused.\n" : table.text(style)
    }

    /// What stands above a list of jobs while kinds are paused.
    package static func pausedNotes(_ list: JSONValue, _ style: TextStyle) -> String {
        (list.array ?? []).map { kind in
            let reason = kind["reason"]?.string.map { ": \($0.printable)" } ?? ""
            return style("paused", .attention)
                + " \(plain(kind["kind"]).printable) since \(moment(kind["paused_at"]))\(reason)\n"
        }.joined() + ((list.array ?? []).isEmpty ? "" : "\n")
    }
}
