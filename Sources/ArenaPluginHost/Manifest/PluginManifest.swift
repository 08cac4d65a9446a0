/// What a plugin says of itself, read without running any of its code.
///
/// Required are `id`, `version` and one thing provided; `abi` and `library` where there is native code. Unknown members
/// are ``warnings``.
///
/// ```yaml
/// id: text
/// version: 1.2.0
/// abi: "1.0"
/// library: libtext.so
/// provides:
///   - {interface: arena.scorer/1, id: exact_match}
/// ```
package struct PluginManifest: Hashable, Sendable {
    package let id: String
    package let version: String
    /// For people; the id when the manifest gives none.
    package let title: String
    package let license: String?
    package let description: String?
    /// `nil` for a plugin without native code.
    package let abi: ABIVersion?
    /// The library for this platform, relative to the plugin's folder; `nil` for a plugin without native code.
    package let library: String?
    /// In the manifest's order, unique by interface and id; then the rubrics that are files of the folder.
    package private(set) var provides: [ProvidedKind]
    /// Which files of the folder are rubrics.
    let rubrics: [FilePattern]
    /// Unique by id.
    package let services: [ServiceRequest]
    package let recordTypes: [RecordType]
    package let examples: [ScorerExample]
    /// Whole sentences with their place, for `arena plugin info` and `check`.
    package private(set) var warnings: [String]

    /// Understands a manifest.
    ///
    /// - Parameter isFirstParty: Whether it may use `arena.` ids.
    /// - Throws: `plugin.abi_mismatch` first of all, since a manifest of another major may look different; then
    ///   `plugin.manifest_invalid` with the place, `plugin.reserved_id`, `plugin.unsupported_platform`.
    package init(_ document: ManifestDocument, isFirstParty: Bool) throws(PluginError) {
        var parser = ManifestParser(document, isFirstParty: isFirstParty)
        let root = parser.root
        _ = try root.object("A manifest")
        id = try root.required("id", "name the plugin").name("`id`", isFirstParty: isFirstParty)
        version = try parser.version()
        abi = try parser.abi(plugin: "\(id) \(version)")
        title = try root["title"]?.text("`title`") ?? id
        license = try (root["license"] ?? root["licence"])?.text("`license`")
        description = try root["description"]?.text("`description`")
        provides = try parser.provides()
        rubrics = try parser.rubrics()
        library = try parser.library(hasNativeKinds: root["provides"] != nil)
        services = try parser.services()
        recordTypes = try parser.recordTypes()
        examples = try parser.examples(provides) + parser.foreignExamples
        if abi == nil, library != nil {
            throw root.error(
                "`abi` is missing: say which plugin ABI the library is built for", hint: "Add abi: \"1.0\".")
        }
        parser.warnOfUnknownMembers()
        warnings = parser.warnings + Self.uselessServices(services, provides, path: document.path)
    }
}

extension PluginManifest {
    /// The manifest with the rubrics that were found in the plugin's folder.
    func adding(_ documents: RubricDocuments) -> PluginManifest {
        var manifest = self
        manifest.warnings += documents.warnings
        for kind in documents.kinds {
            if provides.contains(where: { $0.interface == .rubric && ([$0.id] + $0.aliases).contains(kind.id) }) {
                manifest.warnings.append(
                    "\(kind.document ?? "") is left out: `provides` has a rubric \(kind.id) already.")
            } else {
                manifest.provides.append(kind)
            }
        }
        return manifest
    }
}
