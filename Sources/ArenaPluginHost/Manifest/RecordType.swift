import ArenaCore
package import ArenaJSON

/// A kind of record that a plugin's jobs put into the store.
package struct RecordType: Hashable, Sendable {
    package enum Visibility: String, Hashable, Sendable {
        /// Only the plugin's own jobs read it.
        case `private`
        /// Exporters may read it, when that was granted.
        case export
    }

    /// With its revision: `answer/1`.
    package let name: String
    package let schema: JSONValue?
    /// Default: private.
    package let visibility: Visibility

    init(_ name: String, _ node: ManifestNode, _ warnings: inout [String]) throws(PluginError) {
        guard let id = InterfaceID(name), Identifier.isName(id.name) else {
            throw node.error("\"\(name.prefix(100))\" is no record type such as \"answer/1\"")
        }
        _ = try node.object("A record type")
        self.name = name
        schema = try node["schema"]?.schema("`schema`")
        if let visibility = node["visibility"] {
            guard let value = Visibility(rawValue: try visibility.text("`visibility`")) else {
                throw visibility.error("`visibility` must be \"private\" or \"export\"")
            }
            self.visibility = value
        } else {
            visibility = .private
        }
        node.warnOfUnknownMembers(besides: ["schema", "visibility", "title", "description"], into: &warnings)
    }
}
