import ArenaCore
import ArenaPluginHost
import Glibc
import Testing

@Suite("Plugin scanner")
struct ScannerTests {
    private let home: TestFolder

    init() throws { home = try TestFolder() }

    private func only() throws -> PluginCandidate {
        let scan = PluginScanner(home: home.path).scan()
        try #require(scan.problems.isEmpty)
        try #require(scan.candidates.count == 1)
        return scan.candidates[0]
    }

    @Test func readsAFolder() throws {
        try home.plugin("any-name", id: "demo")
        let found = try only()
        #expect(found.id == "demo" && found.manifest?.library == "lib.so")
        #expect(found.location.path == home("any-name") && !found.location.isFirstParty)
        #expect(found.content?.entries.map(\.path) == ["lib.so", "plugin.json"])
    }

    @Test func readsALoneLibrary() throws {
        try home.write("libtext.so", TestLibrary.bytes(manifest: TestLibrary.textManifest))
        let found = try only()
        #expect(found.id == "text" && found.manifest?.library == "libtext.so" && found.manifest?.version == "1.2.0")
    }

    @Test func findsNothingInAHomeThatDoesNotExist() {
        let scan = PluginScanner(home: home("missing")).scan()
        #expect(scan.candidates.isEmpty && scan.problems.isEmpty)
    }

    @Test func reportsAConfiguredDirectoryThatDoesNotExist() {
        let scanner = PluginScanner([PluginDirectory(path: home("missing"), origin: .configured)])
        #expect(scanner.scan().problems.map(\.error.reason) == [.unreadable])
    }

    @Test func listsWhatIsNoPluginUnderItsFileName() throws {
        try home.write("notes.txt", "hello")
        try home.write("garbage.so", "garbage")
        try home.write("plain.so", TestLibrary.bytes(manifest: nil))
        try home.folder("empty")
        try home.write("wrong/plugin.yml", "id: x")
        try home.write(".hidden", "x")
        let found = PluginScanner(home: home.path).scan().candidates
        #expect(found.map(\.name) == ["empty", "garbage.so", "notes.txt", "plain.so", "wrong"])
        #expect(
            found.map(\.error?.reason) == [
                .manifestMissing, .libraryInvalid, .manifestMissing, .manifestMissing, .manifestMissing,
            ])
        #expect(found.allSatisfy { $0.isBroken && $0.error?.hint != nil })
        #expect(found.last?.error?.hint == "Rename plugin.yml to plugin.yaml.")
    }

    @Test func listsAFaultyManifestUnderTheIdItClaims() throws {
        try home.write("x/plugin.json", "{\"id\": \"demo\", \"version\": 1, \"provides\": 3}")
        let found = try only()
        #expect(found.name == "demo" && found.error?.reason == .manifestInvalid)
    }

    @Test func refusesAnABIOfAnotherMajor() throws {
        let manifest = TestLibrary.textManifest.replacing("\"1.0\"", with: "\"2.0\"")
        try home.write("libtext.so", TestLibrary.bytes(manifest: manifest))
        #expect(try only().error?.code == "plugin.abi_mismatch")
    }

    @Test func wantsTheLibraryThatTheManifestNames() throws {
        try home.plugin("a", id: "a")
        home.remove("a/lib.so")
        #expect(try only().error?.reason == .libraryInvalid)
        try home.write("a/lib.so", "no library")
        #expect(try only().error?.reason == .libraryInvalid)
        home.remove("a/lib.so")
        try home.folder("a/lib.so")
        #expect(try only().error?.reason == .libraryInvalid)
    }

    @Test func refusesAManifestOfMoreThan256KiB() throws {
        try home.write("x/plugin.json", String(repeating: " ", count: (256 << 10) + 1))
        #expect(try only().error?.reason == .manifestInvalid)
    }

    @Test func aFunctionOfAnotherLibraryOfTheSystemIsToldWhichThereAre() throws {
        try home.write(
            "x/plugin.yaml",
            """
            id: x
            version: 1.0.0
            ffi_scorers:
              - id: a
                library: libssl.so.3
                symbol: f
                arguments: [{output: cstring}]
                returns: {double: {min: 0, max: 1}}
                examples: [{output: a, score: 1}, {output: b, score: 1}, {output: c, score: 1}]
            """)
        let error = try #require(try only().error)
        #expect(error.reason == .libraryInvalid)
        #expect(error.hint?.contains("libm.so.6, libz.so.1") == true)
    }

    @Test func letsTheFirstOfTwoWithOneIdWin() throws {
        try home.plugin("a", id: "demo", version: "1")
        try home.plugin("b", id: "demo", version: "2")
        let found = PluginScanner(home: home.path).scan().candidates
        #expect(found.first?.manifest?.version == "1")
        let error = try #require(found.last?.error)
        #expect(error.reason == .duplicateID && error.message.contains(home("a")) && found.last?.isRefused == true)
        home.remove("a")
        #expect(PluginScanner(home: home.path).scan().candidates.first?.manifest?.version == "2")
    }

    @Test func prefersEarlierDirectories() throws {
        try home.plugin("one/z", id: "demo", version: "1")
        try home.plugin("two/a", id: "demo", version: "2")
        let scanner = PluginScanner([
            PluginDirectory(path: home("one"), origin: .home), PluginDirectory(path: home("two"), origin: .configured),
        ])
        #expect(scanner.scan().candidates.map(\.manifest?.version) == ["1", nil])
    }

    @Test func leavesFilesAloneUntilTheyHaveSettled() throws {
        try home.plugin("a", id: "demo")
        let fresh = PluginScanner(
            [PluginDirectory(path: home.path, origin: .home)], clock: ShiftedClock(shift: .zero))
        let scan = fresh.scan()
        // A slow machine may take 200 ms up to here; then the plugin is rightly there.
        if let wait = scan.lookAgainAfter {
            #expect(scan.candidates.first?.isSettling == true)
            #expect(wait > .zero && wait <= Settling.quietTime)
        } else {
            #expect(scan.candidates.first?.id == "demo")
        }
        #expect(try only().manifest != nil)
    }

    @Test func settlesByTwoLooksWhenTheClockWasSetBack() throws {
        try home.plugin("a", id: "demo")
        let time = SettableNanoseconds()
        let scanner = PluginScanner(
            [PluginDirectory(path: home.path, origin: .home)], clock: ShiftedClock(shift: .seconds(-3600)),
            monotonic: { time.value })
        #expect(scanner.scan().lookAgainAfter == .milliseconds(200))
        time.value += 150_000_000
        #expect(scanner.scan().candidates.first?.isSettling == true)
        try home.write("a/data.txt", "changed")
        time.value += 150_000_000
        #expect(scanner.scan().candidates.first?.isSettling == true)
        time.value += 200_000_000
        #expect(scanner.scan().candidates.first?.id == "demo")
    }

    @Test func keepsTheIdWhileAPluginIsReplaced() throws {
        try home.plugin("a", id: "demo")
        try home.plugin("b", id: "demo")
        let clock = SettableClock()
        clock.shift = .seconds(10)
        let scanner = PluginScanner(
            directories: [PluginDirectory(path: home.path, origin: .home)], groups: { FixedGroups() }, clock: clock)
        #expect(scanner.scan().candidates.map(\.error?.reason) == [nil, .duplicateID])
        clock.shift = .seconds(-3600)
        try home.write("a/data.txt", "new")
        let replaced = scanner.scan().candidates
        #expect(replaced.first?.isSettling == true && replaced.first?.id == "demo")
        #expect(replaced.last?.error?.reason == .duplicateID)
    }

    @Test func seesAnyChangeOfTheFiles() throws {
        try home.plugin("a", id: "demo")
        let scanner = PluginScanner(home: home.path)
        var hashes: [String?] = [scanner.scan().candidates.first?.content?.hash]
        try home.write("a/data.txt", "one")
        hashes.append(scanner.scan().candidates.first?.content?.hash)
        try home.write("a/data.txt", "two")
        hashes.append(scanner.scan().candidates.first?.content?.hash)
        chmod(home("a/data.txt"), 0o755)
        hashes.append(scanner.scan().candidates.first?.content?.hash)
        try home.folder("a/sub")
        hashes.append(scanner.scan().candidates.first?.content?.hash)
        try home.link("a/alias", to: "data.txt")
        hashes.append(scanner.scan().candidates.first?.content?.hash)
        #expect(!hashes.contains(nil))
        #expect(Set(hashes).count == hashes.count)
        // Rights that the stored copy does not keep make no difference.
        chmod(home("a/plugin.json"), 0o600)
        #expect(scanner.scan().candidates.first?.content?.hash == hashes.last)
    }

    @Test func bundledPluginsAreLibrariesWithANoteAndNothingElse() throws {
        try home.write("libarena-text.so", TestLibrary.bytes(manifest: TestLibrary.textManifest))
        try home.write("libother.so", TestLibrary.bytes(manifest: nil))
        try home.write("arena", "executable")
        try home.plugin("folder", id: "folder")
        try home.write("broken.so", "broken")
        try home.link("libarena-text.so.1", to: "libarena-text.so")
        let directory = PluginDirectory(path: home.path, origin: .bundled(executableOwner: geteuid()))
        let found = PluginScanner([directory]).scan().candidates
        #expect(found.map(\.id) == ["text"])
        #expect(found.first?.location.isFirstParty == true)
    }

    @Test func bundledPluginsMayBearArenaNames() throws {
        let manifest = TestLibrary.textManifest.replacing("\"text\"", with: "\"arena.text\"")
        try home.write("libarena-text.so", TestLibrary.bytes(manifest: manifest))
        let bundled = PluginDirectory(path: home.path, origin: .bundled(executableOwner: geteuid()))
        #expect(PluginScanner([bundled]).scan().candidates.first?.manifest?.id == "arena.text")
        #expect(try only().error?.reason == .reservedID)
    }

    @Test func findsTheDirectoryOfTheExecutable() throws {
        let bundled = try #require(PluginDirectory.bundled())
        #expect(bundled.isBundled && bundled.path.hasPrefix("/"))
        #expect(PluginScanner([bundled]).scan().problems.isEmpty)
    }

    @Test func examinesOnePluginAnywhere() throws {
        try home.plugin("a", id: "demo")
        let scanner = PluginScanner([PluginDirectory]())
        #expect(scanner.examine(path: home("a")).id == "demo")
        #expect(scanner.examine(path: home("a") + "/").id == "demo")
        #expect(scanner.examine(path: home("none")).error?.message.contains("does not exist") == true)
        #expect(scanner.examine(path: home("none/none")).error?.message.contains("does not exist") == true)
        #expect(scanner.examine(path: home("a/lib.so")).error?.reason == .manifestMissing)
    }
}
