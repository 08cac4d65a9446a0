package import ArenaJSON

extension Presentation {
    /// `arena secret list`: one row a secret.
    ///
    /// - Parameter list: elements `{id, source, hosts}`.
    package static func secretList(_ list: JSONValue, _ style: TextStyle) -> String {
        let elements = list.array ?? []
        guard !elements.isEmpty else { return "No secrets. Store one: arena secret set NAME\n" }
        var table = TextTable([.init("NAME"), .init("FROM"), .init("HOSTS")])
        for secret in elements {
            let hosts = plain(secret["hosts"])
            table.add([
                Cell(plain(secret["id"])), Cell(plain(secret["source"])),
                Cell(hosts.isEmpty ? "wherever it is configured" : hosts),
            ])
        }
        return table.text(style)
    }
}
