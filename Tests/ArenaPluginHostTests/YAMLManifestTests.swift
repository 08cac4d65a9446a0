import ArenaPluginHost
import Testing

@Suite("Plugin manifest in YAML")
struct YAMLManifestTests {
    private let home: TestFolder

    init() throws { home = try TestFolder() }

    private func judge(_ yaml: String) throws -> PluginCandidate {
        try home.write("a/libdemo.so", TestLibrary.bytes(manifest: nil))
        try home.write("a/plugin.yaml", yaml)
        return try #require(PluginScanner(home: home.path).scan().candidates.first)
    }

    private let sound = """
        # A comment.
        id: demo
        version: 1.0
        abi: 1.0
        library: libdemo.so
        provides:
          - interface: arena.scorer/1
            id: score
            capabilities: {network: none, timeout_ms: {default: 500}}
        services: [arena.clock/1, {id: arena.http/1, hosts: [example.org]}]
        examples:
          - {output: 42, reference: 42, score: 1}
        """

    @Test func isRead() throws {
        let found = try judge(sound)
        let manifest = try #require(found.manifest, "\(found.outcome)")
        #expect(manifest.version == "1.0" && manifest.abi == .host && manifest.warnings.isEmpty)
        #expect(manifest.services.map(\.id.description) == ["arena.clock/1", "arena.http/1"])
        #expect(manifest.examples.first?.output == "42" && manifest.examples.first?.references == ["42"])
    }

    @Test(arguments: [
        ("id: demo\nversion: [\n", "line "),
        ("id: demo\nid: other\n", "line 2, column 1"),
        ("id: demo\nversion: '1'\nprovides:\n  - interface: scorer\n    id: x\n", "line 4, column 16"),
        ("id: Demo\n", "line 1, column 5"),
        ("- a\n", "line 1, column 1"),
        ("", "must be an object, not nothing"),
        ("&a [*a]", "line 1"),
    ])
    func namesLineAndColumn(yaml: String, place: String) throws {
        let error = try #require(try judge(yaml).error)
        #expect(error.reason == .manifestInvalid, "\(error)")
        #expect(error.message.hasPrefix(home("a/plugin.yaml")))
        #expect(error.message.contains(place), "\(error.message)")
    }

    @Test func refusesAliasesThatMultiply() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 8).joined(separator: ", "))]\n"
        }
        #expect(try judge(text).error?.reason == .manifestInvalid)
    }

    @Test func winsOverJSONWithAWarning() throws {
        try home.write("a/plugin.json", "{\"id\": \"other\"}")
        let manifest = try #require(try judge(sound).manifest)
        #expect(manifest.id == "demo")
        #expect(manifest.warnings.map { $0.contains("plugin.json is ignored beside plugin.yaml") } == [true])
    }
}
