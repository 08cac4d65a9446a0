import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

/// What an attempt puts and commits, and what it may not.
@Suite(.temporaryDirectory) struct AttemptRecordTests {
    private let clock = TestClock()

    /// Runs `body` as the executor of a job, and returns the job afterwards.
    private func conduct(
        _ store: ArenaStore, limits: CommitLimits = CommitLimits(),
        _ body: @escaping @Sendable (Attempt) async throws -> AttemptOutcome
    ) async throws -> JobRecord {
        let job = try await store.enqueue(.sample("j")).job
        let dispatcher = Dispatcher(
            store: store, catalog: StubCatalog(),
            executor: StubExecutor { _, attempt in
                do {
                    return try await body(attempt)
                } catch {
                    return .failed(Failure(error), status: .internalError, retry: false)
                }
            }, configuration: DispatcherConfiguration(commitLimits: limits), clock: clock)
        return try await dispatcher.runUntilFinished(job.id)
    }

    private func status(_ body: () async throws -> some Any) async -> StatusCode? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? JobsError)?.status
        }
    }

    @Test func rowsOfSeveralCommitsAreAllThere() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            for number in 0..<10 {
                try await attempt.put(recordType: "note/1", key: "n\(number)", json: ["n": .number(JSONNumber(number))])
                if number % 3 == 2 { _ = try await attempt.commit(checkpoint: [1], expected: UInt64(number / 3)) }
            }
            return .done([:])
        }
        #expect(job.status == .done && job.checkpointSeq == 3)
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").count == 10)
    }

    @Test func keyIsTakenOnceForAll() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            try await attempt.put(recordType: "note/1", key: "n", json: ["v": 1])
            let unsealed = await status { try await attempt.put(recordType: "note/1", key: "n", json: ["v": 2]) }
            _ = try await attempt.commit(checkpoint: [], expected: 0)
            let sealed = await status { try await attempt.put(recordType: "note/1", key: "n", json: ["v": 3]) }
            return unsealed == .alreadyExists && sealed == .alreadyExists ? .done([:]) : .cancelled
        }
        #expect(job.status == .done)
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").map(\.json) == [["v": 1]])
    }

    @Test func commitOutOfOrderIsAbortedAndKeepsTheRows() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            try await attempt.put(recordType: "note/1", key: "n", json: [:])
            let wrong = await status { try await attempt.commit(checkpoint: [], expected: 7) }
            #expect(wrong == .aborted)
            #expect(try await attempt.commit(checkpoint: [], expected: 0) == 1)
            return .done([:])
        }
        #expect(job.status == .done)
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").count == 1)
    }

    @Test func whatIsTooLargeOrUndeclaredIsRefused() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            let large = JSONValue.object(["text": .string(String(repeating: "x", count: 1 << 20))])
            #expect(
                await status { try await attempt.put(recordType: "note/1", key: "n", json: large) } == .invalidArgument)
            #expect(
                await status { try await attempt.put(recordType: "note/1", key: "", json: [:]) } == .invalidArgument)
            let long = String(repeating: "k", count: 257)
            #expect(
                await status { try await attempt.put(recordType: "note/1", key: long, json: [:]) } == .invalidArgument)
            #expect(
                await status { try await attempt.put(recordType: "other/1", key: "n", json: [:]) } == .permissionDenied)
            #expect(
                await status { try await attempt.put(recordType: "note/1", key: "n", json: [1]) } == .invalidArgument)
            let checkpoint = [UInt8](repeating: 0, count: 1 << 20 + 1)
            #expect(await status { try await attempt.commit(checkpoint: checkpoint, expected: 0) } == .invalidArgument)
            return .done([:])
        }
        #expect(job.status == .done)
    }

    @Test(arguments: [CommitLimits(rows: 3), CommitLimits(total: ByteCount(36))])
    func oneCommitHoldsSoMuchAndTheNextAsMuchAgain(limits: CommitLimits) async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store, limits: limits) { attempt in
            let row: JSONValue = ["a": "1234"]
            for number in 0..<3 { try await attempt.put(recordType: "note/1", key: "n\(number)", json: row) }
            let full = await status { try await attempt.put(recordType: "note/1", key: "n3", json: row) }
            #expect(full == .resourceExhausted)
            _ = try await attempt.commit(checkpoint: [], expected: 0)
            for number in 3..<6 { try await attempt.put(recordType: "note/1", key: "n\(number)", json: row) }
            return .done([:])
        }
        #expect(job.status == .done)
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").count == 6)
    }

    @Test func limitsAreThoseOfTheHeader() {
        let limits = CommitLimits()
        #expect(limits.rows == 100_000 && limits.total == .mebibytes(64) && limits.row == .mebibytes(1))
        #expect(limits.checkpoint == .mebibytes(1) && limits.keyBytes == 256)
    }

    @Test func concurrentPutsAndCommitsLoseNothing() async throws {
        let store = try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"), clock: clock)
        let job = try await conduct(store) { attempt in
            await withTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            try? await attempt.put(recordType: "note/1", key: "\(worker)-\(number)", json: [:])
                        }
                    }
                }
                group.addTask {
                    for expected in UInt64(0)..<20 { _ = try? await attempt.commit(checkpoint: [], expected: expected) }
                }
            }
            return .done([:])
        }
        #expect(job.status == .done && job.checkpointSeq == 20)
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").count == 200)
    }

    @Test func logAndProgressAreWrittenBeforeTheJobEnds() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            for number in 0..<100 {
                attempt.log(level: 1, message: "line \(number)")
                attempt.progress(done: UInt64(number), total: 100, phase: "asking")
            }
            attempt.log(level: 9, message: String(repeating: "é", count: 20_000), fields: ["a": 1])
            return .done([:])
        }
        #expect(
            job.progress == [
                "done": 99, "total": 100, "phase": "asking", "eta_s": nil, "at": .string(clock.now().description),
            ])
        let lines = try await store.log(ofJob: "j").map(\.line)
        #expect(lines.dropLast().map(\.message) == (0..<100).map { "line \($0)" })
        #expect(lines.last?.level == 3 && lines.last?.fields == ["a": 1])
        #expect(lines.last.map { $0.message.utf8.count <= (16 << 10) + 3 && $0.message.hasSuffix("é…") } == true)
    }

    @Test func progressSaysWhatIsLeft() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await conduct(store) { attempt in
            attempt.progress(done: 1, total: 4, phase: "asking")
            clock.advance(by: .milliseconds(1200))
            attempt.progress(done: 2, total: 4, phase: "asking", fields: ["done": "a member of the plugin's own"])
            return .done([:])
        }
        #expect(
            job.progress == [
                "done": 2, "total": 4, "phase": "asking", "eta_s": 3, "at": .string(clock.now().description),
                "fields": ["done": "a member of the plugin's own"],
            ])
    }

    @Test func attemptIsOfNoUseOnceItHasEnded() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let (attempts, continuation) = AsyncStream.makeStream(of: Attempt.self)
        _ = try await conduct(store) { attempt in
            continuation.yield(attempt)
            return .done([:])
        }
        var iterator = attempts.makeAsyncIterator()
        let attempt = try #require(await iterator.next())
        #expect(await status { try await attempt.put(recordType: "note/1", key: "n", json: [:]) } == .aborted)
        #expect(await status { try await attempt.commit(checkpoint: [], expected: 0) } == .aborted)
        #expect(await status { try await attempt.childStarted(pid: 1, startTicks: 1) } == .aborted)
        attempt.log(level: 1, message: "late")
        #expect(try await store.log(ofJob: "j").isEmpty)
    }
}
