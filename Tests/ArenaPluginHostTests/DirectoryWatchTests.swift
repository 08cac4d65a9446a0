import ArenaPluginHost
import Glibc
import Testing

/// Changes one thing at a time and waits for the tick that it must cause; the time limit catches a missing one.
@Suite("Directory watch", .timeLimit(.minutes(1)))
struct DirectoryWatchTests {
    private let home: TestFolder

    init() throws { home = try TestFolder() }

    private func watch(
        _ name: String, _ method: DirectoryWatch.Method, depth: WatchedDirectory.Depth = .tree
    ) throws -> DirectoryWatch {
        try DirectoryWatch([WatchedDirectory(path: home(name), depth: depth)], method: method)
    }

    /// Makes each change and waits until a tick shows that it was seen.
    private func expectTick(_ watch: DirectoryWatch, after changes: [(String, () throws -> Void)]) async throws {
        var ticks = watch.changes.makeAsyncIterator()
        for (name, change) in changes {
            try change()
            // The suite's time limit ends the wait for a change that is never reported.
            #expect(await ticks.next() != nil, "\(name)")
        }
    }

    @Test(arguments: [DirectoryWatch.Method.automatic, .polling])
    func seesFoldersAndFilesComeChangeAndGo(method: DirectoryWatch.Method) async throws {
        try home.folder("plugins")
        let watch = try watch("plugins", method)
        #expect((watch.pollingReason != nil) == (method == .polling))
        try await expectTick(
            watch,
            after: [
                ("new folder", { try home.plugin("plugins/a", id: "a") }),
                ("replaced file", { try home.write("plugins/a/lib.so", "new") }),
                ("file in a new subfolder", { try home.write("plugins/a/sub/deep/x.txt", "x") }),
                ("change in the new subfolder", { try home.write("plugins/a/sub/deep/x.txt", "y") }),
                ("rights", { chmod(home("plugins/a"), 0o777) }),
                ("rename", { rename(home("plugins/a"), home("plugins/b")) }),
                ("change after the rename", { try home.write("plugins/b/lib.so", "newer") }),
                ("removal", { home.remove("plugins/b") }),
                ("lone library", { try home.write("plugins/x.so", "x") }),
            ])
    }

    @Test(arguments: [DirectoryWatch.Method.automatic, .polling])
    func waitsForDirectoriesThatAreMissing(method: DirectoryWatch.Method) async throws {
        let watch = try watch("one/two/plugins", method)
        try await expectTick(
            watch,
            after: [
                ("created with its parents", { try home.plugin("one/two/plugins/a", id: "a") }),
                ("change in it", { try home.write("one/two/plugins/a/lib.so", "x") }),
                ("removed", { home.remove("one") }),
                ("created again", { try home.plugin("one/two/plugins/b", id: "b") }),
                ("change in it again", { try home.write("one/two/plugins/b/lib.so", "x") }),
            ])
    }

    @Test func seesAFileThatIsWrittenInPlace() async throws {
        try home.folder("plugins")
        try home.write("plugins/x.so", "x")
        let file = open(home("plugins/x.so"), O_WRONLY | O_APPEND)
        try #require(file >= 0)
        defer { close(file) }
        try await expectTick(
            watch("plugins", .automatic), after: [("write to an open file", { write(file, "more", 4) })])
    }

    @Test(arguments: [DirectoryWatch.Method.automatic, .polling])
    func besideTheExecutableOnlyLibrariesCount(method: DirectoryWatch.Method) async throws {
        try home.folder("bin/deep")
        let watch = try watch("bin", method, depth: .librariesOnly)
        var ticks = watch.changes.makeAsyncIterator()
        try home.write("bin/arena", "x")
        try home.write("bin/deep/y.so", "x")
        try home.write("bin/x.so", "x")
        await ticks.next()
        // Everything before the library came with the same tick or with none: nothing is left over.
        watch.stop()
        #expect(await ticks.next() == nil)
    }

    @Test func makesOneTickOfManyChanges() async throws {
        try home.folder("plugins")
        let watch = try watch("plugins", .automatic)
        for index in 0..<200 { try home.write("plugins/a/\(index).txt", "x") }
        var ticks = watch.changes.makeAsyncIterator()
        await ticks.next()
        watch.stop()
        var more = 0
        while await ticks.next() != nil { more += 1 }
        #expect(more <= 1)
    }

    /// More events than the kernel queues (16,384 by default): should it overflow, that is a reason to look as well.
    @Test func survivesAFloodOfEvents() async throws {
        try home.folder("plugins")
        for name in ["x.so", "z.so"] { try home.write("plugins/\(name)", "x") }
        let watch = try watch("plugins", .automatic)
        // Two files in turn: the kernel merges equal events that follow each other.
        for index in 0..<40_000 { chmod(home(index % 2 == 0 ? "plugins/x.so" : "plugins/z.so"), 0o600) }
        var ticks = watch.changes.makeAsyncIterator()
        await ticks.next()
        try await expectTick(watch, after: [("change after the flood", { try home.write("plugins/y.so", "y") })])
    }

    @Test func endsItsStreamWhenStopped() async throws {
        let watch = try watch("plugins", .automatic)
        watch.stop()
        watch.stop()
        for await _ in watch.changes { Issue.record("nothing changed") }
    }

    @Test func endsItsStreamWithItself() async throws {
        let changes = try watch("plugins", .automatic).changes
        for await _ in changes { Issue.record("nothing changed") }
    }

    /// What a tick reports has settled, so a scan right after it needs no second look.
    @Test func whatItReportsIsReadyToBeRead() async throws {
        try home.folder("plugins")
        let watch = try watch("plugins", .automatic)
        let directory = PluginDirectory(path: home("plugins"), origin: .home)
        let scanner = PluginScanner(directories: [directory], groups: { FixedGroups() })
        try home.plugin("plugins/a", id: "demo")
        for await _ in watch.changes {
            let found = scanner.scan().candidates.first
            guard found?.isSettling == false else { continue }
            #expect(found?.manifest?.id == "demo")
            return
        }
    }
}
