package import ArenaJSON

/// A service of the host that a plugin asks for, with the scope it needs.
///
/// In a manifest either the bare id or an object: `{"id": "arena.views/1", "views": ["bench"]}`.
package struct ServiceRequest: Hashable, Sendable {
    package let id: InterfaceID
    /// Every other member of the object, such as `views`, `hosts` or `roots`; empty for the bare id.
    package let scope: JSONObject

    /// The names in a list of the scope, such as the views of `arena.views/1`; empty when there is no such list.
    package func names(_ member: String) -> [String] {
        scope[member]?.array?.compactMap(\.string) ?? []
    }

    /// Whether this host knows the service.
    package var isKnown: Bool { InterfaceID.knownServices.contains(id) }

    init(_ node: ManifestNode, _ warnings: inout [String]) throws(PluginError) {
        let idNode = node.value.object == nil ? node : try node.required("id", "name the service")
        let text = try idNode.text("A service")
        guard let id = InterfaceID(text) else {
            throw idNode.error("\"\(text)\" is no service id such as \"arena.job/1\"")
        }
        self.id = id
        var scope = node.value.object ?? [:]
        scope["id"] = nil
        self.scope = scope
        for (key, _) in scope {
            guard let member = node[key] else { continue }
            for name in try member.array("`\(key)`") { _ = try name.text("An element of `\(key)`") }
        }
        if let reason = id.reasonUnknown(among: InterfaceID.knownServices) {
            warnings.append(idNode.warning("\(reason); the plugin will not get it"))
        }
        if id.description == "arena.views/1", names("views").isEmpty {
            throw node.error(
                "arena.views/1 needs the names of the views it reads",
                hint: "Write {\"id\": \"arena.views/1\", \"views\": [\"bench\"]}.")
        }
        if id.description == "arena.http/1" { try Self.checkHTTP(node) }
    }

    /// A scope of `arena.http/1` that can never fit anything is an error, for the user would grant it in vain.
    private static func checkHTTP(_ node: ManifestNode) throws(PluginError) {
        for host in try node["hosts"]?.array("`hosts`") ?? [] {
            let text = try host.text("A host")
            guard !text.isEmpty, text == text.lowercased(), !text.contains("/"), !text.contains("*") else {
                throw host.error("\"\(text)\" is no host: write a lower-case name or address, or `name:port`")
            }
        }
        for kind in try node["addresses"]?.array("`addresses`") ?? [] {
            let text = try kind.text("An element of `addresses`")
            guard ["loopback", "private"].contains(text) else {
                throw kind.error("`addresses` may hold \"loopback\" and \"private\", not \"\(text)\"")
            }
        }
    }
}
