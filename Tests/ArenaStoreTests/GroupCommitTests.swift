import ArenaCore
import ArenaStore
import ArenaTestSupport
import Testing

/// Transactions of many callers at once: one wait for the disk, and each for itself all the same.
@Suite(.temporaryDirectory) struct GroupCommitTests {
    @Test(arguments: StoreHome.allCases)
    func eachOfManyCallersGetsItsOwnOutcome(_ home: StoreHome) async throws {
        let store = try await home.open()
        let outcomes = await withTaskGroup(of: (Int, StoreError?).self) { group in
            for number in 0..<200 {
                group.addTask {
                    do throws(StoreError) {
                        // Every fourth names an id that is taken: its own transaction fails, and no other.
                        _ = try await store.enqueue(.sample(number % 4 == 0 ? "taken" : "j\(number)"))
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            return await group.reduce(into: [Int: StoreError?]()) { $0[$1.0] = .some($1.1) }
        }
        #expect(outcomes.count == 200)
        #expect(outcomes.filter { $0.key % 4 != 0 }.allSatisfy { $0.value == nil })
        #expect(outcomes.filter { $0.key % 4 == 0 && $0.value == nil }.count == 1)
        #expect(try await store.jobs(JobFilter(limit: 1000)).count == 151)
    }

    @Test(arguments: StoreHome.allCases)
    func aFailedTransactionLeavesNoChangeBehind(_ home: StoreHome) async throws {
        let store = try await home.open()
        _ = try await store.enqueue(.sample("taken"))
        let before = try await store.lastChange()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { _ = try? await store.enqueue(.sample(number % 2 == 0 ? "taken" : "j\(number)")) }
            }
        }
        let told = try await store.changes(after: before).changes.map(\.key)
        #expect(Set(told) == Set((0..<100).filter { $0 % 2 == 1 }.map { "j\($0)" }))
        #expect(told.count == 50)
    }

    @Test func whatWasAnsweredIsInTheFile() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path)
        let other = try await ArenaStore.open(path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    _ = try await store.enqueue(.sample("j\(number)"))
                    #expect(try await other.job("j\(number)") != nil)
                }
            }
            try await group.waitForAll()
        }
    }
}
