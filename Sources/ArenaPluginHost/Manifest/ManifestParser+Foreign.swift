/// Scorers that need no Arena code: `ffi_scorers` and `exec_scorers`.
extension ManifestParser {
    /// Without examples a wrong signature would go unnoticed.
    private static let fewestFunctionExamples = 3

    mutating func addForeignScorers(to kinds: inout [ProvidedKind]) throws(PluginError) {
        var carrier: String?
        if case .note(let library) = root.document.form { carrier = library }
        for node in try root["ffi_scorers"]?.array("`ffi_scorers`") ?? [] {
            _ = try node.object("An element of `ffi_scorers`")
            let scorer = ForeignScorer.function(try node.function(carrier: carrier))
            try add(scorer, node, members: ["library", "symbol", "arguments", "returns"], to: &kinds)
            guard try node["examples"]?.array("`examples`").count ?? 0 >= Self.fewestFunctionExamples else {
                throw node.error(
                    "`examples` must be at least \(Self.fewestFunctionExamples)",
                    hint: "Add {output: …, reference: …, score: …}: they are the only test of the signature.")
            }
        }
        for node in try root["exec_scorers"]?.array("`exec_scorers`") ?? [] {
            _ = try node.object("An element of `exec_scorers`")
            guard carrier == nil else {
                throw node.error("a lone library has no folder for a program", hint: "Ship a folder with plugin.yaml.")
            }
            try add(.program(try node.command()), node, members: ["command"], to: &kinds)
            guard try !(node["examples"]?.array("`examples`").isEmpty ?? true) else {
                throw node.error(
                    "`examples` is missing: the program is tried with them",
                    hint: "Add at least one {output: …, reference: …, score: …}.")
            }
        }
    }

    private mutating func add(
        _ scorer: ForeignScorer, _ node: ManifestNode, members: Set<String>, to kinds: inout [ProvidedKind]
    ) throws(PluginError) {
        let kind = try ProvidedKind(scorer, node, members: members, isFirstParty: isFirstParty, &warnings)
        try requireNewNames(of: kind, among: kinds, node)
        kinds.append(kind)
        for example in try node["examples"]?.array("`examples`") ?? [] {
            foreignExamples.append(try ScorerExample(example, scorers: [kind], &warnings))
        }
    }
}
