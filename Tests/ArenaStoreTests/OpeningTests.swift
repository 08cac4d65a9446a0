import ArenaCore
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

@Suite(.temporaryDirectory) struct OpeningTests {
    @Test func keepsWhatWasWritten() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let first = try await ArenaStore.open(path: path)
        _ = try await first.enqueue(.sample("j1"))
        try await first.close()
        let second = try await ArenaStore.open(path: path)
        #expect(try await second.job("j1")?.kind == "demo/sleep")
    }

    @Test func fileMayBeReadByItsOwnerOnly() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path)
        for name in [path, path + "-wal", path + "-shm"] {
            let mode = try FileManager.default.attributesOfItem(atPath: name)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        try await store.close()
    }

    @Test func severalMayOpenANewFileAtOnce() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let store = try await ArenaStore.open(path: path)
                    _ = try await store.enqueue(.sample("j\(number)"))
                }
            }
            try await group.waitForAll()
        }
        let store = try await ArenaStore.open(path: path)
        #expect(try await store.jobs().count == 6)
    }

    @Test func refusesAFileOfANewerArena() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        try emptyDatabase(userVersion: 9999).write(to: URL(filePath: path))
        let error = await #expect(throws: StoreError.self) { try await ArenaStore.open(path: path) }
        #expect(error?.code == "store.newer")
        #expect(error?.category == .failedPrecondition)
    }

    @Test func refusesWhatIsNoDatabase() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
        let error = await #expect(throws: StoreError.self) { try await ArenaStore.open(path: path) }
        #expect(error?.code == "store.corrupt")
    }

    @Test func saysWhenTheDirectoryIsMissing() async throws {
        let path = try TemporaryDirectory.path("missing/arena.db")
        let error = await #expect(throws: StoreError.self) { try await ArenaStore.open(path: path) }
        #expect(error?.code == "store.cannot_open")
        #expect(error?.message.contains(path) == true)
    }

    @Test func callsAfterClosingFail() async throws {
        let store = try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"))
        try await store.close()
        let reading = await #expect(throws: StoreError.self) { try await store.jobs() }
        #expect(reading?.code == "store.closed")
        let writing = await #expect(throws: StoreError.self) { try await store.enqueue(.sample("j1")) }
        #expect(writing?.code == "store.closed")
        try await store.close()
    }

    @Test func closingAgainDoesNothing() async throws {
        for store in [
            try await ArenaStore.open(path: TemporaryDirectory.path("arena.db")), try await ArenaStore.inMemory(),
        ] {
            try await store.close()
            try await store.close()
        }
    }

    @Test func readingAndReopeningWriteNothing() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path)
        let claim = try await store.running("j1")
        let before = try Data(contentsOf: URL(filePath: path + "-wal"))
        let other = try await ArenaStore.open(path: path)
        for reader in [store, other] {
            _ = try await reader.jobs()
            _ = try await reader.job("j1")
            _ = try await reader.changes(after: 0)
            _ = try await reader.attempts(ofJob: "j1")
            _ = try await reader.standing(of: [claim.lease])
            _ = try await reader.outlook()
            _ = try await reader.evalRuns()
            _ = try await reader.dispatchers()
        }
        #expect(try Data(contentsOf: URL(filePath: path + "-wal")) == before)
    }

    @Test func writesOfACancelledTaskAreNotLost() async throws {
        let store = try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"))
        let writer = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.enqueue(.sample("j1")).job.id
        }
        #expect(try await writer.value == "j1")
        #expect(try await store.job("j1") != nil)
    }

    /// A database of one empty page, by SQLite's file format: https://www.sqlite.org/fileformat2.html
    private func emptyDatabase(userVersion: UInt32) -> Data {
        var page = Data("SQLite format 3\0".utf8)
        page += [0x10, 0x00, 1, 1, 0, 64, 32, 32]  // pages of 4096 bytes, rollback journal
        let words: [UInt32] = [1, 1, 0, 0, 0, 4, 0, 0, 1, userVersion, 0, 0, 0, 0, 0, 0, 0, 1, 3_040_001]
        for word in words { page += withUnsafeBytes(of: word.bigEndian) { Data($0) } }
        page += [0x0D, 0, 0, 0, 0, 0x10, 0x00, 0]  // an empty leaf
        return page + Data(count: 4096 - page.count)
    }
}
