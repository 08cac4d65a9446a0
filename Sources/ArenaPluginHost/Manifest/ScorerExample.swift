package import ArenaJSON

/// An answer with the score it must get; run when the plugin is checked.
package struct ScorerExample: Hashable, Sendable {
    /// The id of a scorer of the same manifest.
    package let scorer: String
    package let input: String
    package let output: String
    package let references: [String]
    package let config: JSONValue?
    /// The score that must come out.
    package let value: Double
    /// How far the score may be off. Default: 1e-9.
    package let tolerance: Double

    private static let members: Set<String> = [
        "scorer", "input", "output", "reference", "references", "config", "value", "score", "tolerance",
    ]

    init(_ node: ManifestNode, scorers: [ProvidedKind], _ warnings: inout [String]) throws(PluginError) {
        _ = try node.object("An example")
        scorer = try Self.scorer(node, among: scorers)
        input = try node["input"]?.textOrNumber("`input`") ?? ""
        output = try node.required("output", "the answer to score").textOrNumber("`output`")
        var references: [String] = []
        if let reference = node["reference"] { references.append(try reference.textOrNumber("`reference`")) }
        for reference in try node["references"]?.array("`references`") ?? [] {
            references.append(try reference.textOrNumber("A reference"))
        }
        self.references = references
        config = node["config"]?.value
        guard let value = node["value"] ?? node["score"] else {
            throw node.error("`value` is missing: the score that the answer must get")
        }
        self.value = try value.number("`value`")
        tolerance = try node["tolerance"]?.number("`tolerance`") ?? 1e-9
        guard tolerance >= 0 else { throw node.error("`tolerance` must not be negative") }
        node.warnOfUnknownMembers(besides: Self.members, into: &warnings)
    }

    /// May be left out where the plugin has one scorer only.
    private static func scorer(_ node: ManifestNode, among scorers: [ProvidedKind]) throws(PluginError) -> String {
        guard let named = node["scorer"] else {
            guard scorers.count == 1, let only = scorers.first else {
                throw node.error("`scorer` is missing: name one of \(scorers.map(\.id).joined(separator: ", "))")
            }
            return only.id
        }
        let text = try named.text("`scorer`")
        guard let scorer = scorers.first(where: { $0.id == text || $0.aliases.contains(text) }) else {
            throw named.error("\"\(text)\" is no scorer of this plugin")
        }
        return scorer.id
    }
}
