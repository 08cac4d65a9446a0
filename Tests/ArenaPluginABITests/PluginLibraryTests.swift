import ArenaCore
import ArenaPluginABI
import ArenaTestSupport
import Testing

struct PluginLibraryTests {
    private func problem(of body: () throws -> Void) -> PluginABIError.Problem? {
        let error = #expect(throws: PluginABIError.self, performing: body)
        #expect(error?.hint != nil)
        return error?.problem
    }

    @Test func readsWhatALibrarySaysOfItself() throws {
        let plugin = try CompiledPlugin("scorers.c")
        let library = try PluginLibrary(path: plugin.path)
        #expect(library.id == "scorers")
        #expect(library.version == "1.2.3")
        #expect(library.abiMinor == 0)
        #expect(library.entryIsStatic)
    }

    @Test func fileThatIsNoLibraryIsNotLoaded() throws {
        let file = try SourceFile("not ELF", "plugin.so")
        guard case .notLoaded(let reason) = problem(of: { _ = try PluginLibrary(path: file.path) }) else {
            Issue.record("loaded")
            return
        }
        #expect(!reason.isEmpty)
        #expect(throws: PluginABIError.self) { try PluginLibrary(path: "/nonexistent/plugin.so") }
    }

    @Test func missingFunctionIsFoundOnlyWhenAllAreLookedUp() throws {
        let plugin = try CompiledPlugin("variants.c", defines: ["NEEDS_MISSING"])
        guard case .notLoaded(let reason) = problem(of: { _ = try PluginLibrary(path: plugin.path) }) else {
            Issue.record("loaded")
            return
        }
        #expect(reason.contains("function_of_no_library"))
        #expect(try PluginLibrary(path: plugin.path, bindsNow: false).id == "variants")
    }

    @Test(arguments: [2, 9] as [UInt32])
    func anotherMajorVersionIsNamedByItsSymbol(major: UInt32) throws {
        let plugin = try CompiledPlugin(
            "variants.c", defines: ["MAJOR=\(major)", "ENTRY_NAME=arena_plugin_entry_v\(major)"])
        let error = #expect(throws: PluginABIError.self) { try PluginLibrary(path: plugin.path) }
        #expect(error?.problem == .otherMajor(major))
        #expect(error?.code == "plugin.abi_mismatch")
        #expect(error?.message.contains("built for major version \(major)") == true)
        #expect(error?.message.contains("this host has 1") == true)
        #expect(error?.hint?.contains("Rebuild") == true)
    }

    @Test func anotherMajorVersionBehindOurSymbolIsRefused() throws {
        let plugin = try CompiledPlugin("variants.c", defines: ["MAJOR=3"])
        #expect(problem { _ = try PluginLibrary(path: plugin.path) } == .otherMajor(3))
    }

    @Test func libraryWithoutAnEntryIsRefused() throws {
        let plugin = try CompiledPlugin("variants.c", defines: ["NO_ENTRY"])
        #expect(problem { _ = try PluginLibrary(path: plugin.path) } == .noEntry)
    }

    @Test func entryOfALibraryThatItLinksAgainstIsNotItsOwn() throws {
        let other = try CompiledPlugin("variants.c")
        let plugin = try CompiledPlugin(
            "variants.c", defines: ["NO_ENTRY"], linking: ["-Wl,--no-as-needed", other.path])
        #expect(problem { _ = try PluginLibrary(path: plugin.path) } == .noEntry)
    }

    @Test(arguments: ["ENTRY_SIZE=64", "ENTRY_SIZE=0", "ENTRY_SIZE=0xFFFFFFF8u", "ENTRY_RESULT=0", "GET_INTERFACE=0"])
    func brokenEntryIsRefused(define: String) throws {
        let plugin = try CompiledPlugin("variants.c", defines: [define])
        guard case .badTable("entry", _) = problem(of: { _ = try PluginLibrary(path: plugin.path) }) else {
            Issue.record("accepted \(define)")
            return
        }
    }

    @Test(arguments: ["TABLE_SIZE=32", "TABLE_SIZE=0", "TABLE_SIZE=0x7FFFFFFF", "SCORE=0"])
    func brokenTableIsRefused(define: String) throws {
        let plugin = try CompiledPlugin("variants.c", defines: [define])
        let library = try PluginLibrary(path: plugin.path)
        guard case .badTable("arena.scorer/1", _) = problem(of: { _ = try library.scorer("any") }) else {
            Issue.record("accepted \(define)")
            return
        }
    }

    @Test(arguments: ["MINOR=0", "MINOR=41", "TABLE_SIZE=40", "TABLE_SIZE=44", "ENTRY_SIZE=72"])
    func longerAndNewerTablesWork(define: String) throws {
        let plugin = try CompiledPlugin("variants.c", defines: [define])
        let library = try PluginLibrary(path: plugin.path)
        let call = CallContext()
        let scorer = try library.scorer("any").create(config: "{}", in: call)
        let results = try scorer.score(ScoreBatch([ScoreItem(itemID: "1", output: "x")]), in: call)
        #expect(results.map(\.value) == [0.5])
        scorer.destroy()
    }

    @Test func interfaceThatIsNotThereIsNamed() throws {
        let library = try PluginLibrary(path: try CompiledPlugin("scorers.c").path)
        #expect(problem { _ = try library.scorer("missing") } == .noInterface("arena.scorer/1", kind: "missing"))
        #expect(problem { _ = try library.jobKind("exact") } == .noInterface("arena.job_kind/1", kind: "exact"))
        #expect(!library.offers("arena.nonsense/1", kind: "exact"))
        #expect(library.offers("arena.scorer/1", kind: "exact"))
    }

    @Test(arguments: PluginInterface.allCases)
    func everyInterfaceHasFunctionsThatMustBeThere(interface: PluginInterface) throws {
        let plugin = try CompiledPlugin("variants.c", defines: ["GET_INTERFACE=empty_interface"])
        let library = try PluginLibrary(path: plugin.path)
        #expect(throws: PluginABIError.self) { try library.check(interface, kind: "any") }
    }
}
