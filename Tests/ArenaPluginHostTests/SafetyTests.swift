import ArenaCore
import ArenaPluginHost
import Glibc
import Testing

@Suite("Safety of plugin files")
struct SafetyTests {
    private let home: TestFolder

    init() throws {
        home = try TestFolder()
        try home.plugin("a", id: "demo")
    }

    private func error(
        groups: FixedGroups = FixedGroups(), limits: PluginLimits = PluginLimits()
    ) throws -> PluginError? {
        let directory = PluginDirectory(path: home.path, origin: .home)
        let scan = PluginScanner([directory], limits: limits, groups: groups).scan()
        if let problem = scan.problems.first { return problem.error }
        let found = try #require(scan.candidates.first)
        #expect(found.error == nil || found.isRefused)
        return found.error
    }

    @Test(arguments: ["a", "a/lib.so", "a/plugin.json", "."], [mode_t(0o002), 0o022])
    func refusesWhatEveryoneCanChange(name: String, bits: mode_t) throws {
        let before = try #require(home.permissions(name))
        chmod(home(name), before | bits)
        let error = try #require(try error())
        #expect(error.code == "plugin.unsafe_permissions" && error.category == .permissionDenied)
        #expect(error.message.contains("can be changed by every user"))
        #expect(error.hint?.hasPrefix("chmod -R o-w ") == true)
        chmod(home(name), before)
        #expect(try self.error() == nil)
    }

    @Test func refusesAStickyWorldWritableFolderToo() throws {
        chmod(home("a"), 0o1777)
        #expect(try error()?.reason == .unsafePermissions)
    }

    @Test func refusesAGroupWithOtherMembersOnly() throws {
        chmod(home("a/lib.so"), 0o664)
        #expect(try error() == nil)
        let error = try #require(try error(groups: FixedGroups(othersIn: [getegid()])))
        #expect(error.reason == .unsafePermissions && error.hint?.hasPrefix("chmod -R g-w") == true)
    }

    @Test(.enabled(if: geteuid() == 0), arguments: ["a", "a/lib.so", "."])
    func refusesFilesOfAnotherUser(name: String) throws {
        chown(home(name), 65534, getegid())
        let error = try #require(try error())
        #expect(error.reason == .unsafePermissions && error.message.contains("another user (uid 65534)"))
    }

    @Test func knowsTheMembersOfRealGroups() {
        let groups = SystemGroups()
        // Debian's nogroup is the main group of nobody; a number without accounts has no member.
        #expect(groups.hasMember(otherThan: 12345, group: 65534))
        #expect(!groups.hasMember(otherThan: 1, group: 3_999_999))
    }

    @Test(arguments: [
        "/etc/passwd", "../../outside", "../a", "missing", "loop", "sub/../../..", "lib.so/x", "other/..",
    ])
    func refusesLinksThatLeaveTheFolder(target: String) throws {
        try home.folder("a/sub")
        try home.link("a/loop", to: target)
        let error = try #require(try error())
        #expect(error.code == "plugin.unsafe_link" && error.message.contains("a/loop"))
    }

    @Test(arguments: [".", "lib.so", "./lib.so", "sub/../lib.so", "sub", "second"])
    func acceptsLinksWithinTheFolder(target: String) throws {
        try home.folder("a/sub")
        try home.link("a/second", to: "sub")
        try home.link("a/first", to: target)
        #expect(try error() == nil)
    }

    @Test func followsNoLinkInTheDirectoryItself() throws {
        home.remove("a")
        let other = try TestFolder()
        try other.plugin("real", id: "demo")
        try home.link("b", to: other("real"))
        let error = try #require(try error())
        #expect(error.reason == .unsafeLink && error.hint?.contains("Copy the plugin here") == true)
    }

    @Test func takesALibraryThroughALinkInTheFolder() throws {
        try home.write("a/libx.so.1", TestLibrary.bytes(manifest: nil))
        home.remove("a/lib.so")
        try home.link("a/lib.so", to: "libx.so.1")
        #expect(try error() == nil)
    }

    @Test(arguments: ["a/pipe", "pipe"])
    func refusesFIFOsWithoutOpeningThem(name: String) throws {
        if name == "pipe" { home.remove("a") }
        mkfifo(home(name), 0o600)
        let error = try #require(try error())
        #expect(error.reason == .unsafeFile && error.message.contains("a FIFO"))
    }

    @Test(.enabled(if: geteuid() == 0))
    func refusesDevices() throws {
        guard mknod(home("a/null"), S_IFCHR | 0o600, 0x103) == 0 else { return }
        #expect(try error()?.message.contains("a device") == true)
    }

    @Test(arguments: ["line\nbreak", "bell\u{7}", "turned\u{202e}txt.so"])
    func refusesNamesThatCannotBeShown(name: String) throws {
        try home.write("a/\(name)", "x")
        #expect(try error()?.reason == .unsafeFile)
    }

    @Test func refusesNamesThatAreNotUTF8() throws {
        let name: [CChar] = Array(home("a/").utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
        let file = open(name, O_WRONLY | O_CREAT, 0o644)
        try #require(file >= 0)
        close(file)
        #expect(try error()?.reason == .unsafeFile)
    }

    @Test(arguments: [
        PluginLimits(largestFile: ByteCount(100)), PluginLimits(largestTotal: ByteCount(100)),
        PluginLimits(mostEntries: 2), PluginLimits(deepestFolder: 2), PluginLimits(longestPath: 8),
    ])
    func refusesMoreThanItsLimits(limits: PluginLimits) throws {
        try home.write("a/one/two/three.txt", "x")
        let error = try #require(try error(limits: limits))
        #expect(error.code == "plugin.too_large" && error.hint != nil)
    }

    @Test func refusesASparseFileOfMoreThan512MiB() throws {
        try home.write("a/large.bin", "")
        truncate(home("a/large.bin"), 512 << 20 + 1)
        #expect(try error()?.reason == .tooLarge)
    }

    @Test func accountsForRootsFilesWhoeverRuns() throws {
        guard geteuid() == 0 else { return }
        let scanner = PluginScanner(
            directories: [PluginDirectory(path: home.path, origin: .home)], user: 4711, groups: { FixedGroups() },
            clock: ShiftedClock())
        #expect(scanner.scan().candidates.first?.id == "demo")
        chown(home("a/lib.so"), 4711, 0)
        #expect(scanner.scan().candidates.first?.id == "demo")
        chown(home("a/lib.so"), 4712, 0)
        #expect(scanner.scan().candidates.first?.isRefused == true)
    }

    @Test(.enabled(if: geteuid() == 0))
    func bundledPluginsBelongToTheOwnerOfTheExecutable() throws {
        let manifest = TestLibrary.textManifest
        try home.write("b/libtext.so", TestLibrary.bytes(manifest: manifest))
        let directory = PluginDirectory(path: home("b"), origin: .bundled(executableOwner: 4711))
        #expect(PluginScanner([directory]).scan().problems.first?.error.reason == .unsafePermissions)
        chown(home("b"), 4711, 0)
        #expect(PluginScanner([directory]).scan().candidates.first?.isRefused == true)
        chown(home("b/libtext.so"), 4711, 0)
        #expect(PluginScanner([directory]).scan().candidates.first?.id == "text")
    }
}
