import ArenaJSON

/// Reads the members of a manifest, one function a member.
struct ManifestParser {
    let root: ManifestNode
    var warnings: [String] = []
    /// Of scorers without Arena code, which carry theirs with them.
    var foreignExamples: [ScorerExample] = []
    let isFirstParty: Bool

    private static let members: Set<String> = [
        "id", "version", "abi", "title", "license", "licence", "description", "library", "provides", "services",
        "record_types", "examples", "ffi_scorers", "exec_scorers", "rubrics",
    ]

    init(_ document: ManifestDocument, isFirstParty: Bool) {
        root = ManifestNode(document)
        self.isFirstParty = isFirstParty
        if let notice = document.notice { warnings.append("\(document.path): \(notice).") }
    }

    func version() throws(PluginError) -> String {
        let node = try root.required("version", "such as \"1.0.0\"")
        let text = try node.textOrNumber("`version`")
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard (1...64).contains(text.utf8.count), isPlain else {
            throw node.error("`version` must be 1 to 64 letters, digits and . - + _, such as \"1.0.0\"")
        }
        return text
    }

    func abi(plugin: String) throws(PluginError) -> ABIVersion? {
        guard let node = root["abi"] else { return nil }
        let text = try node.textOrNumber("`abi`")
        guard let abi = ABIVersion(text) else { throw node.error("`abi` must be a version such as \"1.0\"") }
        try abi.requireHostMajor(plugin: plugin)
        return abi
    }

    mutating func provides() throws(PluginError) -> [ProvidedKind] {
        var kinds: [ProvidedKind] = []
        for node in try root["provides"]?.array("`provides`") ?? [] {
            let kind = try ProvidedKind(node, isFirstParty: isFirstParty, &warnings)
            try requireNewNames(of: kind, among: kinds, node)
            kinds.append(kind)
        }
        try addForeignScorers(to: &kinds)
        guard !kinds.isEmpty || root["rubrics"] != nil else {
            if let stranger = root.unknownMembers(besides: Self.members).first {
                let place = root.document.place(ofKey: "/\(JSONPointer.escape(stranger))")
                throw PluginError(
                    .manifestInvalid,
                    "\(place): the plugin provides nothing, and there is no member `\(stranger.prefix(100))`."
                        + ManifestNode.question(stranger, Self.members),
                    hint: "List at least one kind under `provides`, `ffi_scorers`, `exec_scorers` or `rubrics`.")
            }
            throw root.error(
                "the plugin provides nothing", hint: "List at least one kind under `provides` (see docs/PLUGINS.md).")
        }
        return kinds
    }

    /// The patterns of `rubrics`: which files of the folder are rubrics.
    func rubrics() throws(PluginError) -> [FilePattern] {
        var patterns: [FilePattern] = []
        for node in try root["rubrics"]?.array("`rubrics`") ?? [] {
            let text = try node.text("An element of `rubrics`")
            guard let pattern = FilePattern(text) else {
                throw node.error(
                    "\"\(text.prefix(200))\" must be a path inside the plugin's folder; `*` stands for any text")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    /// The name that is taken twice is an error, whatever form the two have.
    func requireNewNames(
        of kind: ProvidedKind, among kinds: [ProvidedKind], _ node: ManifestNode
    ) throws(PluginError) {
        let earlier = kinds.filter { $0.interface == kind.interface }.flatMap { [$0.id] + $0.aliases }
        var taken = Set(earlier)
        for name in [kind.id] + kind.aliases where !taken.insert(name).inserted {
            throw node.error("the name \"\(name)\" is used twice for \(kind.interface)")
        }
    }

    mutating func library(hasNativeKinds: Bool) throws(PluginError) -> String? {
        if case .note(let library) = root.document.form {
            // A library without an entry, which only carries the manifest of its functions.
            if !hasNativeKinds, root["ffi_scorers"] != nil { return nil }
            if let node = root["library"], node.value.string != library {
                warnings.append(node.warning("`library` is ignored: the library that carries this manifest is meant"))
            }
            return library
        }
        guard let node = root["library"] else {
            guard !hasNativeKinds else {
                throw root.error("`library` is missing: name the shared library in this folder")
            }
            return nil
        }
        guard node.value.object != nil else { return try path(node) }
        let platforms = try node.object("`library`")
        guard let match = platforms.first(where: { $0.key == Platform.current }) else {
            let found = platforms.map(\.key).joined(separator: ", ")
            throw PluginError(
                .unsupportedPlatform,
                "\(root.document.path) has no library for \(Platform.current), "
                    + "only for \(found.isEmpty ? "none" : found).",
                hint: "Build the plugin for \(Platform.current).")
        }
        return try path(match.node)
    }

    private func path(_ node: ManifestNode) throws(PluginError) -> String {
        let text = try node.text("`library`")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !text.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == ".." || $0 == "." }) else {
            throw node.error("`library` \"\(text.prefix(200))\" must be a path inside the plugin's folder")
        }
        return text
    }

    mutating func services() throws(PluginError) -> [ServiceRequest] {
        var requests: [ServiceRequest] = []
        for node in try root["services"]?.array("`services`") ?? [] {
            let request = try ServiceRequest(node, &warnings)
            guard !requests.contains(where: { $0.id == request.id }) else {
                throw node.error("\(request.id) is listed twice")
            }
            requests.append(request)
        }
        return requests
    }

    mutating func recordTypes() throws(PluginError) -> [RecordType] {
        var types: [RecordType] = []
        for (name, node) in try root["record_types"]?.object("`record_types`") ?? [] {
            types.append(try RecordType(name, node, &warnings))
        }
        return types
    }

    mutating func examples(_ provides: [ProvidedKind]) throws(PluginError) -> [ScorerExample] {
        let scorers = provides.filter { $0.interface == .scorer }
        var examples: [ScorerExample] = []
        for node in try root["examples"]?.array("`examples`") ?? [] {
            examples.append(try ScorerExample(node, scorers: scorers, &warnings))
        }
        return examples
    }

    mutating func warnOfUnknownMembers() {
        root.warnOfUnknownMembers(besides: Self.members, into: &warnings)
    }
}
