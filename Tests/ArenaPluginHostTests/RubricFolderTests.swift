import ArenaCore
import ArenaPluginHost
import Glibc
import Testing

/// Rubrics that are files of a plugin, or of a folder that needs no manifest.
struct RubricFolderTests {
    private let home: TestFolder

    init() throws { home = try TestFolder() }

    private func plugin(_ rubrics: String, extra: String = "") throws {
        try home.write("p/plugin.yaml", "id: p\nversion: 1.0.0\nrubrics: [\(rubrics)]\n\(extra)")
    }

    private func scan() throws -> PluginCandidate {
        try #require(PluginScanner(home: home.path).scan().candidates.first)
    }

    @Test func folderOfNothingButRubricsIsAPlugin() throws {
        try plugin("rubrics/*.yaml")
        try home.write("p/rubrics/b.yaml", "id: b\ntitle: Bee\n")
        try home.write("p/rubrics/a.yaml", "id: a\n")
        try home.write("p/rubrics/.hidden.yaml", "id: h\n")
        try home.write("p/rubrics/deep/c.yaml", "id: c\n")
        let manifest = try #require(try scan().manifest)
        #expect(manifest.provides.map(\.id) == ["a", "b"])
        #expect(manifest.provides.map(\.title) == ["a", "Bee"])
        #expect(manifest.provides.allSatisfy { $0.interface == .rubric && $0.document?.hasPrefix("rubrics/") == true })
        #expect(manifest.library == nil && manifest.warnings.isEmpty)
    }

    @Test func changedRubricIsAnotherPlugin() throws {
        try plugin("a.yaml")
        try home.write("p/a.yaml", "id: a\n")
        let first = try scan().content?.hash
        try home.write("p/a.yaml", "id: a # changed\n")
        #expect(try scan().content?.hash != first)
    }

    @Test func patternThatNamesNothingIsAFault() throws {
        try plugin("rubrics/*.yaml")
        let error = try #require(try scan().error)
        #expect(error.reason == .manifestInvalid && error.message.contains("rubrics/*.yaml"))
        #expect(error.hint != nil)
    }

    @Test(arguments: ["../x.yaml", "/etc/passwd", "a//b", "''"])
    func patternThatLeavesTheFolderIsAFault(pattern: String) throws {
        try plugin("'\(pattern)'".replacing("''''", with: "''"))
        let error = try #require(try scan().error)
        #expect(error.reason == .manifestInvalid && error.message.contains("line 3"))
    }

    @Test func fileThatCannotBeARubricIsLeftOutAndSaid() throws {
        try plugin("'*.yaml', '*.yml'")
        for name in ["Bad Name.yaml", "a.yaml", "a.yml"] { try home.write("p/\(name)", "id: a\n") }
        try home.write("p/huge.yaml", String(repeating: "#", count: 300 << 10))
        try home.write("p/torn.yaml", "id: [\n")
        let manifest = try #require(try scan().manifest)
        #expect(manifest.provides.map(\.id) == ["a", "torn"], "what is in a document is its reader's business")
        #expect(manifest.warnings.count == 3, "\(manifest.warnings)")
        #expect(manifest.warnings.contains { $0.contains("Bad Name.yaml") && $0.contains("no id") })
        #expect(manifest.warnings.contains { $0.contains("a.yml") && $0.contains("already") })
        #expect(manifest.warnings.contains { $0.contains("huge.yaml") && $0.contains("256") })
    }

    @Test func patternsWithManyStarsTakeNoTime() throws {
        try plugin("'\(String(repeating: "*a", count: 60))*.yaml'", extra: "title: x\n")
        try home.write("p/\(String(repeating: "a", count: 70))b.yml", "")
        #expect(try scan().error?.message.contains("names no file") == true)
    }

    @Test func homeOfRubricsNeedsNoManifestAndMayBeEmpty() throws {
        let scanner = PluginScanner([PluginDirectory(path: home("rubrics"), origin: .homeRubrics)])
        #expect(scanner.scan().candidates.isEmpty && scanner.scan().problems.isEmpty, "it may be missing")
        try home.folder("rubrics")
        #expect(scanner.scan().candidates.isEmpty, "it may be empty")
        try home.write("rubrics/mine.yaml", "id: mine\n")
        let found = try #require(scanner.scan().candidates.first)
        #expect(found.id == "operator-rubrics" && found.manifest?.provides.map(\.id) == ["mine"])
        #expect(found.location.path == home("rubrics") && found.location.needsNoGrant && !found.location.isFirstParty)
        home.remove("rubrics/mine.yaml")
        #expect(scanner.scan().candidates.isEmpty)
    }

    @Test func rubricThatLeavesTheHomeByALinkIsRefused() throws {
        try home.write("secret.yaml", "id: secret\n")
        try home.folder("rubrics")
        try home.link("rubrics/mine.yaml", to: "../secret.yaml")
        let scanner = PluginScanner([PluginDirectory(path: home("rubrics"), origin: .homeRubrics)])
        let kinds = try #require(scanner.scan().candidates.first?.manifest?.provides)
        #expect(kinds.map(\.id) == ["mine"])
        #expect(kinds[0].unsupportedReason?.contains("mine.yaml") == true && !kinds[0].isSupported)
    }

    @Test func aStrayFileCostsNoOtherRubric() throws {
        try home.folder("rubrics")
        try home.link("rubrics/ln.yaml", to: "/etc/passwd")
        try home.write("rubrics/Bad Name.yaml", "id: x\n")
        try home.write("rubrics/good.yaml", "id: good\n")
        let scanner = PluginScanner([PluginDirectory(path: home("rubrics"), origin: .homeRubrics)])
        let found = try #require(scanner.scan().candidates.first)
        let kinds = try #require(found.manifest?.provides)
        #expect(kinds.filter(\.isSupported).map(\.id) == ["good"])
        let reasons = kinds.compactMap(\.unsupportedReason)
        #expect(reasons.count == 2, "\(reasons)")
        #expect(reasons.contains { $0.contains("ln.yaml") && $0.contains("leads out") })
        #expect(reasons.contains { $0.contains("Bad Name.yaml") && $0.contains("no id") })
    }

    @Test func aRefusedHomeOfRubricsKeepsItsName() throws {
        try home.write("rubrics/good.yaml", "id: good\n")
        chmod(home("rubrics"), 0o777)
        let scanner = PluginScanner([PluginDirectory(path: home("rubrics"), origin: .homeRubrics)])
        let scan = scanner.scan()
        #expect(scan.candidates.allSatisfy { $0.name == "operator-rubrics" && $0.error != nil })
        #expect(scan.candidates.count + scan.problems.count == 1)
    }

    @Test func readerSaysWhatItReads() throws {
        try home.write(
            "p/plugin.yaml",
            """
            id: p
            version: 1.0.0
            abi: "1.0"
            library: lib.so
            provides: [{interface: arena.rubric/1, id: r, reads: [.toml]}]
            """)
        try home.write("p/lib.so", TestLibrary.bytes(manifest: nil))
        #expect(try scan().manifest?.provides.first?.reads == [".toml"])
    }
}
