import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct SealTests {
    @Test(arguments: StoreHome.allCases)
    func rowsAreHiddenUntilTheJobIsDone(home: StoreHome) async throws {
        let store = try await home.open()
        let claim = try await store.running("j1")
        let file = ArtifactRecord(
            name: "a.txt", mediaType: "text/plain", size: ByteCount(3), sha256: "cd", path: "j1/a.txt")
        let rows = try [.score("i1"), .run(), .note("n1"), .artifact(file)] as [SealedRow]
        let outcome = try await store.seal(rows, checkpoint: [9], pluginSHA256: "ab", expected: 0, for: claim.lease)
        #expect(outcome == .sealed(1))
        #expect(try await store.evalRun("run1") == nil)
        #expect(try await store.evalScores(ofRun: "run1").isEmpty)
        #expect(try await store.pluginRecords(ofJob: "j1", recordType: "note/1").isEmpty)
        #expect(try await store.artifacts(ofJob: "j1").isEmpty)
        #expect(try await store.artifactPaths() == ["j1/a.txt"])
        #expect(try await store.finish(claim)?.status == .done)
        #expect(try await store.evalRun("run1")?.benchID == "b")
        #expect(try await store.evalRuns(benchID: "b", laneID: "l").map(\.id) == ["run1"])
        #expect(try await store.evalScores(ofRun: "run1").map(\.itemID) == ["i1"])
        #expect(try await store.pluginRecords(ofJob: "j1", recordType: "note/1").map(\.json) == [["text": "hello"]])
        #expect(try await store.artifacts(ofJob: "j1") == [file])
    }

    @Test func doneSealsWhatWasPutLast() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        _ = try await store.seal([.score("i1")], checkpoint: [], pluginSHA256: "ab", expected: 0, for: claim.lease)
        _ = try await store.finish(claim, sealing: [.score("i1"), .score("i2"), .run()])
        #expect(try await store.evalScores(ofRun: "run1").map(\.itemID) == ["i1", "i2"])
    }

    @Test func checkpointGoesToTheNextAttempt() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        for count in 0..<3 {
            let outcome = try await store.seal(
                [], checkpoint: [UInt8(count)], pluginSHA256: "ab", expected: UInt64(count), for: claim.lease)
            #expect(outcome == .sealed(UInt64(count) + 1))
        }
        _ = try await store.conclude(claim.lease) { AttemptConclusion(.released, by: .release, of: $0) }
        let next = try #require(try await store.claimAll().first)
        #expect(next.checkpoint == [2])
        #expect(next.job.checkpointSeq == 3)
        #expect(next.job.checkpointPluginSHA256 == "ab")
    }

    @Test func wrongNumberOfCommitsSealsNothing() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let outcome = try await store.seal(
            [.score("i1")], checkpoint: [1], pluginSHA256: "ab", expected: 4, for: claim.lease)
        #expect(outcome == .sequenceMismatch(sealed: 0))
        #expect(try await store.presence(of: .score("i1"), jobID: "j1") == .absent)
    }

    @Test func rowThatIsSealedIsLeftAndNoneOfTheCommitIsWritten() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        _ = try await store.seal([.score("i1")], checkpoint: [1], pluginSHA256: "ab", expected: 0, for: claim.lease)
        let outcome = try await store.seal(
            [.score("i2"), .score("i1", value: 0)], checkpoint: [2], pluginSHA256: "ab", expected: 1, for: claim.lease)
        #expect(outcome == .refused(recordType: "eval_score/1", key: "i1", .sealed))
        #expect(try await store.presence(of: .score("i2"), jobID: "j1") == .absent)
        #expect(try await store.job("j1")?.checkpointSeq == 1)
        _ = try await store.finish(claim, sealing: [.run()])
        #expect(try await store.evalScores(ofRun: "run1").map(\.value) == [1])
    }

    @Test func sameItemUnderAnotherKeyCountsAsSealed() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let rows = try [SealedRow.score("i1"), .score("i1", key: "other")]
        let outcome = try await store.seal(rows, checkpoint: [], pluginSHA256: "ab", expected: 0, for: claim.lease)
        #expect(outcome == .refused(recordType: "eval_score/1", key: "other", .sealed))
    }

    @Test func jobCannotWriteIntoTheRunOfAnother() async throws {
        let store = try await ArenaStore.inMemory()
        let first = try await store.running("j1")
        _ = try await store.seal([.run()], checkpoint: [], pluginSHA256: "ab", expected: 0, for: first.lease)
        _ = try await store.finish(first)
        let second = try await store.running("j2")
        for row in try [SealedRow.run(), .score("i9")] {
            #expect(try await store.presence(of: row, jobID: "j2") == .foreign)
            let outcome = try await store.seal(
                [row], checkpoint: [], pluginSHA256: "ab", expected: 0, for: second.lease)
            #expect(outcome == .refused(recordType: row.recordType, key: row.key, .foreign))
        }
        #expect(try await store.evalScores(ofRun: "run1").isEmpty)
    }

    @Test(arguments: StoreHome.allCases)
    func attemptThatLostItsLeaseWritesNothing(home: StoreHome) async throws {
        let store = try await home.open()
        let zombie = try await store.running("j1")
        _ = try await store.conclude(zombie.lease) { AttemptConclusion(.lost, by: .rescue, of: $0) }
        let successor = try #require(try await store.claimAll().first)
        #expect(try await store.begin(successor.lease, plugin: .demo))
        let before = try await store.lastChange()
        let guessed = JobLease(jobID: "j1", attempt: 2, token: zombie.lease.token)
        for lease in [zombie.lease, guessed] {
            #expect(try await store.begin(lease, plugin: .demo) == false)
            #expect(try await store.recordChild(ProcessStamp(pid: 1, startTicks: 1), of: lease) == false)
            #expect(try await store.report([], progress: ["done": 1], for: lease) == false)
            let outcome = try await store.seal(
                [.score("i1")], checkpoint: [], pluginSHA256: "ab", expected: 0, for: lease)
            #expect(outcome == .leaseLost)
            let ended = try await store.conclude(lease, sealing: [.score("i1")]) {
                AttemptConclusion(.done, by: .finish, of: $0)
            }
            #expect(ended == nil)
            #expect(try await store.standing(of: [lease]) == [lease: .lost])
        }
        #expect(try await store.lastChange() == before)
        #expect(try await store.presence(of: .score("i1"), jobID: "j1") == .absent)
        #expect(try await store.finish(successor)?.status == .done)
    }

    @Test func expiredLeaseThatWasRenewedMeanwhileIsNotTakenAway() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j1")
        let seen = try #require(try await store.liveAttempts().first).record.leaseExpiresAt
        let renewed = seen + .seconds(10)
        try await store.renew([claim.lease], until: renewed, dispatcherID: "d1")
        let lost = try await store.conclude(claim.lease, requiring: .notRenewed(since: seen)) {
            AttemptConclusion(.lost, by: .rescue, of: $0)
        }
        #expect(lost == nil)
        let freed = try await store.conclude(claim.lease, requiring: .notRenewed(since: renewed)) {
            AttemptConclusion(.lost, by: .rescue, of: $0)
        }
        #expect(freed?.status == .queued)
    }

    @Test func startingOverForgetsRowsAndCheckpointAndSaysSo() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let rows = try [SealedRow.score("i1"), .run(), .note("n1")]
        _ = try await store.seal(rows, checkpoint: [1], pluginSHA256: "ab", expected: 0, for: claim.lease)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.startedOver, by: .startOver, of: job)
            conclusion.forgetsProgress = true
            conclusion.notes = ["Starting over."]
            return conclusion
        }
        for row in rows { #expect(try await store.presence(of: row, jobID: "j1") == .absent) }
        let next = try #require(try await store.claimAll().first)
        #expect(next.checkpoint.isEmpty)
        #expect(next.job.checkpointSeq == 0)
        #expect(try await store.log(ofJob: "j1").map(\.line.message) == ["Starting over."])
    }

    @Test func runWhoseOwnRecordNeverCameStaysHidden() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        _ = try await store.finish(claim, sealing: [.score("i1")])
        #expect(try await store.evalRun("run1") == nil)
        #expect(try await store.evalScores(ofRun: "run1").isEmpty)
    }
}
