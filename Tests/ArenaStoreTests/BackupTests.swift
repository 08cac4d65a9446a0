import ArenaCore
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

@Suite(.temporaryDirectory) struct BackupTests {
    @Test(arguments: StoreHome.allCases)
    func copyHoldsWhatTheStoreHeld(_ home: StoreHome) async throws {
        let store = try await home.open()
        _ = try await store.enqueue(.sample("j1"))
        let path = try TemporaryDirectory.path("copy.db")
        try await store.backUp(to: path)
        _ = try await store.enqueue(.sample("later"))

        let copy = try await ArenaStore.open(path: path)
        #expect(try await copy.jobs().map(\.id) == ["j1"])
        #expect(try await copy.integrityProblems().isEmpty)
        try await copy.close()
    }

    @Test func copyIsOneFileThatOnlyItsOwnerMayRead() async throws {
        let store = try await StoreHome.file.open()
        let path = try TemporaryDirectory.path("backups/copy.db")
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await store.backUp(to: path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.db"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func copyIsWholeWhileOthersWrite() async throws {
        let store = try await StoreHome.file.open()
        let path = try TemporaryDirectory.path("copy.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { _ = try await store.enqueue(.sample("j\(number)")) }
            }
            group.addTask { try await store.backUp(to: path) }
            try await group.waitForAll()
        }
        let copy = try await ArenaStore.open(path: path)
        #expect(try await copy.integrityProblems().isEmpty)
        #expect(try await store.jobs(JobFilter(limit: 1000)).count == 100)
    }

    @Test func replacesNothing() async throws {
        let store = try await StoreHome.file.open()
        let path = try TemporaryDirectory.path("copy.db")
        try Data("mine".utf8).write(to: URL(filePath: path))
        let error = await #expect(throws: StoreError.self) { try await store.backUp(to: path) }
        #expect(error?.code == "store.backup_exists")
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
    }

    @Test func leavesNothingWhereItCannotWrite() async throws {
        let store = try await StoreHome.file.open()
        let error = await #expect(throws: StoreError.self) {
            try await store.backUp(to: TemporaryDirectory.path("missing/copy.db"))
        }
        #expect(error?.code == "store.cannot_open")
    }

    @Test func damageIsFoundAndNotCopied() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let first = try await ArenaStore.open(path: path)
        for number in 0..<200 { _ = try await first.enqueue(.sample("j\(number)")) }
        try await first.close()
        // The pages in the middle: tables and indexes, not the first page, with which the file would not open.
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size / 2)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 32 << 10))
        try file.close()

        let store = try await ArenaStore.open(path: path)
        await #expect(throws: (any Error).self) {
            let problems = try await store.integrityProblems()
            if !problems.isEmpty { throw StoreError(code: "found", category: .internalError, message: problems[0]) }
        }
        let copy = try TemporaryDirectory.path("copy.db")
        await #expect(throws: StoreError.self) { try await store.backUp(to: copy) }
        #expect(!FileManager.default.fileExists(atPath: copy))
    }
}
