import ArenaCore
package import ArenaJSON
import ArenaJSONSchema

/// One thing that a plugin provides: a scorer, a job kind, a lane type, an exporter.
package struct ProvidedKind: Hashable, Sendable {
    package let interface: InterfaceID
    /// Unique for its interface in one Arena; `PLUGIN/ID` always names it.
    package let id: String
    /// Other names for it.
    package let aliases: [String]
    /// For people; the id when the manifest gives none.
    package let title: String
    package let description: String?
    /// JSON Schema of the payload (job kinds) or configuration (all others).
    package let schema: JSONValue?
    package let capabilities: Capabilities
    /// How it runs where it needs no Arena code; `nil` for a kind of the plugin's library.
    package let foreign: ForeignScorer?
    /// The file that is this kind, relative to the plugin's folder: a rubric that a reader understands. `nil` for code.
    package let document: String?
    /// The endings of the documents that this kind reads, such as `.yaml`: a reader of rubrics, which is none itself.
    package let reads: [String]
    /// Why this host cannot use it, such as an interface it does not know; `nil` when it can.
    package let unsupportedReason: String?

    package var isSupported: Bool { unsupportedReason == nil }

    private static let members: Set<String> = [
        "interface", "id", "aliases", "title", "description", "schema", "capabilities", "reads",
    ]

    init(_ node: ManifestNode, isFirstParty: Bool, _ warnings: inout [String]) throws(PluginError) {
        _ = try node.object("An element of `provides`")
        foreign = nil
        let interfaceNode = try node.required("interface", "name one such as \"arena.scorer/1\"")
        let text = try interfaceNode.text("`interface`")
        guard let interface = InterfaceID(text) else {
            throw interfaceNode.error("\"\(text)\" is no interface id such as \"arena.scorer/1\"")
        }
        self.interface = interface
        unsupportedReason = interface.reasonUnknown(among: InterfaceID.known)
        if let unsupportedReason {
            warnings.append(interfaceNode.warning("\(unsupportedReason), so this kind cannot be used"))
        }
        id = try node.required("id", "name the kind").name("`id`", isFirstParty: isFirstParty)
        var aliases: [String] = []
        for alias in try node["aliases"]?.array("`aliases`") ?? [] {
            aliases.append(try alias.name("An alias", isFirstParty: isFirstParty))
        }
        self.aliases = aliases
        title = try node["title"]?.text("`title`") ?? id
        description = try node["description"]?.text("`description`")
        schema = try node["schema"]?.schema("`schema`")
        capabilities =
            try node["capabilities"].map { value throws(PluginError) in
                try Capabilities(value, &warnings)
            } ?? Capabilities()
        document = nil
        var reads: [String] = []
        for ending in try node["reads"]?.array("`reads`") ?? [] {
            let text = try ending.text("An ending")
            guard text.hasPrefix("."), text.utf8.count > 1 else {
                throw ending.error("\"\(text.prefix(40))\" is no ending such as \".yaml\"")
            }
            reads.append(text)
        }
        self.reads = reads
        node.warnOfUnknownMembers(besides: Self.members, into: &warnings)
    }

    /// A scorer that needs no Arena code.
    ///
    /// - Parameter members: those of its form, besides the ones that all kinds have.
    init(
        _ foreign: ForeignScorer, _ node: ManifestNode, members: Set<String>, isFirstParty: Bool,
        _ warnings: inout [String]
    ) throws(PluginError) {
        self.foreign = foreign
        interface = .scorer
        unsupportedReason = nil
        id = try node.required("id", "name the scorer").name("`id`", isFirstParty: isFirstParty)
        var aliases: [String] = []
        for alias in try node["aliases"]?.array("`aliases`") ?? [] {
            aliases.append(try alias.name("An alias", isFirstParty: isFirstParty))
        }
        self.aliases = aliases
        title = try node["title"]?.text("`title`") ?? id
        description = try node["description"]?.text("`description`")
        // A function takes no configuration, a program says itself what it takes.
        schema = try node["schema"]?.schema("`schema`") ?? ["type": "object", "additionalProperties": false]
        capabilities =
            try node["capabilities"].map { value throws(PluginError) in
                try Capabilities(value, &warnings)
            } ?? Capabilities()
        let known = Self.members.subtracting(["interface"]).union(members).union(["examples"])
        node.warnOfUnknownMembers(besides: known, into: &warnings)
        document = nil
        reads = []
    }

    /// A rubric that is a file of the plugin's folder.
    ///
    /// - Parameter refusal: why the file cannot be used.
    init(rubric id: String, document: String, title: String?, description: String?, refusal: String? = nil) {
        interface = .rubric
        self.id = id
        aliases = []
        self.title = title ?? id
        self.description = description
        schema = nil
        capabilities = Capabilities()
        self.document = document
        reads = []
        foreign = nil
        unsupportedReason = refusal
    }

    /// A rubric in a file that lies in no plugin yet.
    package init(rubricOf document: String, id: String) {
        self.init(rubric: id, document: document, title: nil, description: nil)
    }
}

extension ManifestNode {
    /// A name for a plugin or kind (see ``Identifier/isName(_:)``); `arena.` names belong to Arena's own plugins.
    func name(_ what: String, isFirstParty: Bool) throws(PluginError) -> String {
        let text = try text(what)
        guard Identifier.isName(text) else {
            throw error(
                "\(what) \"\(text.prefix(100))\" is no name: 1 to 80 of a-z 0-9 _ - . beginning with a letter or digit")
        }
        guard isFirstParty || !(text == "arena" || text.hasPrefix("arena.")) else {
            throw PluginError(
                .reservedID,
                "\(document.place(of: pointer)): \"\(text)\" is reserved for the plugins that come with Arena.",
                hint: "Choose a name that does not begin with \"arena.\".")
        }
        return text
    }

    /// A JSON Schema document that this host understands.
    func schema(_ what: String) throws(PluginError) -> JSONValue {
        do throws(JSONSchemaError) { _ = try JSONSchema(value) } catch {
            throw PluginError(
                .manifestInvalid,
                "\(document.place(of: pointer + error.schemaPointer)): \(what) is no schema: \(error.reason).",
                hint: "Correct the manifest; it must be a JSON Schema of Draft 2020-12.")
        }
        return value
    }
}
