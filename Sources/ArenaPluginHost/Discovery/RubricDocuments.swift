import ArenaCore
import ArenaJSON
import ArenaYAML

/// The rubrics that are files of a plugin's folder, each listed by its file's name without running any code.
struct RubricDocuments {
    private(set) var kinds: [ProvidedKind] = []
    /// Files that are left out, each with the reason.
    private(set) var warnings: [String] = []

    /// A document may have 256 KiB.
    static let largest: UInt64 = 256 << 10

    /// Reads titles, as far as they can be read: what is wrong inside of a document is said by whoever reads it.
    ///
    /// - Throws: `plugin.manifest_invalid` for a pattern that names no file.
    init(
        matching patterns: [FilePattern], of listing: FolderListing, in folder: borrowing FileDescriptor,
        limits: PluginLimits, manifest: ManifestDocument
    ) throws(PluginError) {
        let manifests = manifest.isMadeUp ? [] : ["plugin.yaml", "plugin.json"]
        let regular = listing.entries.filter { $0.status.kind == .file && !manifests.contains($0.path) }
        // Of a folder of nothing but rubrics each file is one, and one that cannot be used is named as such.
        let files = regular + listing.leftOut
        var ids: [String: String] = [:]
        var seen: Set<String> = []
        var refused: [(path: String, id: String, reason: String)] = []
        for pattern in patterns {
            let found = files.filter { pattern.matches($0.path) }
            guard !found.isEmpty || manifest.isMadeUp else {
                throw PluginError(
                    .manifestInvalid, "\(manifest.path): `rubrics` names no file: \(pattern.text).",
                    hint:
                        "Correct the pattern, or add the rubric; a rubric is one file, such as rubrics/my-rubric.yaml.")
            }
            for file in found where seen.insert(file.path).inserted {
                let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
                let id = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
                if let reason = Self.refusal(file, id, takenBy: ids[id]) {
                    if manifest.isMadeUp {
                        refused.append((file.path, id, reason))
                    } else {
                        warnings.append("\(file.path) is left out: \(reason).")
                    }
                    continue
                }
                ids[id] = file.path
                let bytes = try reading(file.path) { () throws(SystemFailure) in
                    try folder.open(descending: file.path).contents(limit: Self.largest)
                }
                let yaml = try? YAMLDocument(
                    parsing: bytes, limits: YAMLLimits(maxDepth: 32, maxBytes: Int(Self.largest), maxAliasBytes: 4096))
                kinds.append(
                    ProvidedKind(
                        rubric: id, document: file.path, title: yaml?.value["title"]?.string,
                        description: yaml?.value["description"]?.string))
            }
        }
        for (path, id, reason) in refused {
            kinds.append(
                ProvidedKind(
                    rubric: ids[id] == nil ? id : path, document: path, title: nil, description: nil,
                    refusal: "\(path) is no rubric: \(reason)."))
        }
    }

    private static func refusal(_ file: FolderEntry, _ id: String, takenBy other: String?) -> String? {
        if file.status.kind == .link { return "it is a link that leads out of the folder; put a copy there instead" }
        if !Identifier.isName(id) {
            return "its name is no id; use 1 to 80 of a-z 0-9 _ - . beginning with a letter or digit, and an ending"
        }
        if let other { return "\(other) is the rubric \(id) already" }
        return file.status.size > largest
            ? "it has \(ByteCount(file.status.size)), more than \(ByteCount(largest))" : nil
    }
}

extension ManifestDocument {
    /// What stands in for the manifest of a directory that holds nothing but rubrics.
    init(ofRubrics location: PluginLocation) throws(PluginError) {
        let manifest: JSONValue = [
            "id": .string(location.idOfRubrics), "version": "1",
            "title": location.isFirstParty ? "Rubrics that come with Arena" : "Your own rubrics",
            "rubrics": ["*.yaml", "*.yml"],
        ]
        try self.init(manifest.bytes(), path: location.path, form: .json, isMadeUp: true)
    }
}

extension PluginLocation {
    /// The plugin that a directory of nothing but rubrics is.
    var idOfRubrics: String { isFirstParty ? "arena-rubrics" : "operator-rubrics" }
}
