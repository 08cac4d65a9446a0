import ArenaCore
import ArenaPluginHost
import Glibc
import Testing

@Suite("Content store", .timeLimit(.minutes(2)))
struct ContentStoreTests {
    private let home: TestFolder
    private let store: ContentStore

    init() throws {
        home = try TestFolder()
        store = ContentStore(path: home("store"))
        try home.plugin("plugins/a", id: "demo")
        try home.write("plugins/a/bin/tool", "#!/bin/sh\n", mode: 0o755)
        try home.link("plugins/a/alias.so", to: "lib.so")
    }

    private func candidate() throws -> PluginCandidate {
        try #require(PluginScanner(home: home("plugins")).scan().candidates.first)
    }

    @discardableResult
    private func put(_ candidate: PluginCandidate, in store: ContentStore? = nil) throws -> StoredPlugin {
        let manifest = try #require(candidate.manifest)
        let content = try #require(candidate.content)
        return try (store ?? self.store).store(manifest, content, from: candidate.location)
    }

    private func leftovers() throws -> [String] {
        var names: [String] = []
        let stream = try #require(opendir(home("store")))
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".incoming") || name.hasPrefix(".outgoing") { names.append(name) }
        }
        return names
    }

    @Test func keepsAReadOnlyCopyUnderItsHash() throws {
        let candidate = try candidate()
        let stored = try put(candidate)
        #expect(stored.hash == candidate.content?.hash && stored.path == home("store/\(stored.hash)"))
        #expect(stored.content == candidate.content)
        let folder = "store/\(stored.hash)"
        #expect(try home.read("\(folder)/lib.so") == home.read("plugins/a/lib.so"))
        #expect(home.permissions("\(folder)/lib.so") == 0o444)
        #expect(home.permissions("\(folder)/bin/tool") == 0o555)
        #expect(home.permissions("\(folder)/bin") == 0o555 && home.permissions(folder) == 0o555)
        #expect(home.permissions("store") == 0o700)
        var target = [CChar](repeating: 0, count: 64)
        #expect(readlink(home("\(folder)/alias.so"), &target, 63) == 6)
        #expect(stored.libraryPath(try #require(candidate.manifest)) == "\(stored.path)/lib.so")
        #expect(try leftovers().isEmpty)
    }

    @Test func storesALoneLibraryUnderItsName() throws {
        home.remove("plugins/a")
        try home.write("plugins/libtext.so", TestLibrary.bytes(manifest: TestLibrary.textManifest))
        let stored = try put(candidate())
        #expect(try home.read("store/\(stored.hash)/libtext.so") == home.read("plugins/libtext.so"))
        #expect(try store.manifest(of: stored, isFirstParty: false).id == "text")
    }

    @Test func readsTheManifestOfWhatIsStored() throws {
        let candidate = try candidate()
        let stored = try put(candidate)
        #expect(try store.manifest(of: stored, isFirstParty: false).provides == candidate.manifest?.provides)
    }

    @Test func storingAgainChangesNothing() throws {
        let candidate = try candidate()
        let first = try put(candidate)
        var before = stat()
        stat(first.path, &before)
        let second = try put(candidate, in: ContentStore(path: home("store")))
        var after = stat()
        stat(second.path, &after)
        #expect(before.st_ino == after.st_ino && first.hash == second.hash)
    }

    @Test func opensWhatIsStoredAndNothingElse() throws {
        let stored = try put(candidate())
        #expect(try store.open(stored.hash).content == stored.content)
        for hash in [String(repeating: "0", count: 64), "../plugins", "", ".guard", stored.hash.uppercased()] {
            #expect { try store.open(hash) } throws: { ($0 as? PluginError)?.reason == .notStored }
        }
        let none = ContentStore(path: home("nowhere"))
        #expect { try none.open(stored.hash) } throws: { ($0 as? PluginError)?.reason == .notStored }
    }

    @Test(arguments: ["lib.so", "plugin.json", "bin/tool"])
    func refusesAFileThatChangedSinceItWasExamined(name: String) throws {
        let candidate = try candidate()
        try home.write("plugins/a/\(name)", "changed")
        #expect { try put(candidate) } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.code == "plugin.hash_mismatch" && error.message.contains(name) && error.hint != nil
        }
        #expect(try leftovers().isEmpty)
        #expect { try store.open(candidate.content?.hash ?? "") } throws: { ($0 as? PluginError)?.reason == .notStored }
    }

    @Test func refusesALinkOrFIFOPutInPlaceOfAFile() throws {
        let candidate = try candidate()
        home.remove("plugins/a/lib.so")
        try home.link("plugins/a/lib.so", to: "/etc/hostname")
        #expect(throws: PluginError.self) { try put(candidate) }
        home.remove("plugins/a/lib.so")
        mkfifo(home("plugins/a/lib.so"), 0o600)
        #expect(throws: PluginError.self) { try put(candidate) }
        home.remove("plugins/a/bin")
        try home.link("plugins/a/bin", to: "/bin")
        #expect(throws: PluginError.self) { try put(candidate) }
        #expect(try leftovers().isEmpty)
    }

    @Test func ignoresFilesThatWereAddedLater() throws {
        let candidate = try candidate()
        try home.write("plugins/a/late.txt", "x")
        let stored = try put(candidate)
        #expect(home.permissions("store/\(stored.hash)/late.txt") == nil)
    }

    @Test func noticesAndReplacesADamagedCopy() throws {
        let candidate = try candidate()
        let hash = try put(candidate).hash
        let library = "store/\(hash)/lib.so"
        for damage in [
            { try home.write(library, "damaged", mode: 0o444) },
            { try home.write("store/\(hash)/extra", "x", mode: 0o444) },
            { home.remove("store/\(hash)/bin") },
            { _ = chmod(home(library), 0o666) },
            { _ = chmod(home(library), 0o644) == 0 && truncate(home(library), 10) == 0 },
        ] {
            chmod(home("store/\(hash)"), 0o755)
            try damage()
            #expect { try store.open(hash) } throws: { ($0 as? PluginError)?.reason == .hashMismatch }
            try put(candidate)
            #expect(try store.open(hash).content == candidate.content)
            #expect(try home.read(library) == home.read("plugins/a/lib.so"))
        }
        #expect(try leftovers().isEmpty)
    }

    @Test func readsAgainOnlyWhatChanged() throws {
        let digests = FileDigestCache(path: home("store/.digests"), clock: ShiftedClock())
        let hash = try put(candidate(), in: ContentStore(path: home("store"), digests: digests)).hash
        _ = try ContentStore(path: home("store"), digests: digests).open(hash)
        digests.save()
        // A later process knows the digests from the file, and still sees that a byte was changed in place.
        let later = ContentStore(
            path: home("store"), digests: FileDigestCache(path: home("store/.digests"), clock: ShiftedClock()))
        #expect(try later.open(hash).hash == hash)
        chmod(home("store/\(hash)/lib.so"), 0o644)
        let file = open(home("store/\(hash)/lib.so"), O_WRONLY)
        pwrite(file, "X", 1, 0)
        close(file)
        #expect { try later.open(hash) } throws: { ($0 as? PluginError)?.reason == .hashMismatch }
    }

    @Test func anUnreadableDigestFileCostsOnlyTime() throws {
        let hash = try put(candidate()).hash
        try home.write("store/.digests", "{\"version\": 1, \"files\": [[1]]}")
        let digests = FileDigestCache(path: home("store/.digests"))
        #expect(try ContentStore(path: home("store"), digests: digests).open(hash).hash == hash)
    }

    /// A writer swaps the library as fast as it can while it is scanned and stored: what is stored is what was
    /// examined, and whole when the writer is careful. (The scanner's clock is ahead:
    /// nothing here waits for files to settle.)
    @Test(arguments: SwappingWriter.Style.allCases)
    func storesWhatWasExaminedWhateverHappensMeanwhile(style: SwappingWriter.Style) throws {
        let versions: [[UInt8]] = try ["int a[9999] = {1};", "int b[9999] = {2};"].map {
            try TestLibrary.bytes(manifest: nil, source: $0)
        }
        let original = try home.read("plugins/a/lib.so")
        // On a busy machine every look may meet a file that changes: the store is there however the race goes.
        try put(candidate())
        let writer = SwappingWriter(home: home, versions: versions, style: style)
        writer.start()
        defer { writer.stop() }
        for _ in 0..<100 {
            let candidate = PluginScanner(home: home("plugins")).scan().candidates.first
            guard let candidate, let content = candidate.content else { continue }
            do {
                let copy = try put(candidate)
                #expect(try ContentStore(path: home("store")).open(copy.hash).content == content)
                guard style == .renaming else { continue }
                #expect(try (versions + [original]).contains(readFile("\(copy.path)/lib.so")))
            } catch let error as PluginError {
                #expect([.hashMismatch, .changing].contains(error.reason))
            }
        }
        #expect(try leftovers().isEmpty)
    }

    @Test func manyMayStoreTheSameAtOnce() async throws {
        let candidate = try candidate()
        let manifest = try #require(candidate.manifest)
        let content = try #require(candidate.content)
        let path = home("store")
        let hashes = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try ContentStore(path: path).store(manifest, content, from: candidate.location).hash
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(Set(hashes) == [content.hash] && hashes.count == 8)
        #expect(try leftovers().isEmpty)
    }

    @Test func listsGenerationsAndPrunesThoseThatNobodyHolds() throws {
        let first = try put(candidate()).hash
        try home.plugin("plugins/a", id: "demo", version: "2.0.0")
        let second = try put(candidate()).hash
        try home.plugin("plugins/a", id: "demo", version: "3.0.0")
        var held: StoredPlugin? = try put(candidate())
        let third = try #require(held?.hash)
        let listed = try store.generations()
        #expect(Set(listed.map(\.hash)) == [first, second, third])
        #expect(listed.allSatisfy { $0.id == "demo" && $0.isInUse == ($0.hash == third) })

        let other = ContentStore(path: home("store"))
        #expect(try other.prune(keeping: [first]).map(\.hash) == [second])
        #expect(try Set(store.generations().map(\.hash)) == [first, third])
        _ = held
        held = nil
        #expect(try prune(other, count: 2).count == 2)
        #expect(try store.generations().isEmpty)
        #expect { try store.open(third) } throws: { ($0 as? PluginError)?.reason == .notStored }
    }

    /// Prunes until so many are gone: a process that another test starts holds a copy of each lock until it executes.
    private func prune(_ store: ContentStore, count: Int) throws -> [StoredGeneration] {
        var removed: [StoredGeneration] = []
        for _ in 0..<200 where removed.count < count {
            removed += try store.prune(keeping: [])
            if removed.count < count { poll(nil, 0, 10) }
        }
        return removed
    }

    @Test func prunesWhatACrashedCopyLeftBehind() throws {
        try put(candidate())
        try home.folder("store/.incoming-0123456789abcdef/deep", mode: 0o555)
        try home.folder("store/.outgoing-0123456789abcdef")
        #expect(try prune(store, count: 1).count == 1)
        #expect(try leftovers().isEmpty)
    }

    @Test func saysWhenTheStoreCannotBeWritten() throws {
        let candidate = try candidate()
        try home.write("occupied", "a file")
        let store = ContentStore(path: home("occupied"))
        #expect { try put(candidate, in: store) } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.code == "plugin.storage_failed" && error.message.contains(home("occupied"))
        }
    }
}
