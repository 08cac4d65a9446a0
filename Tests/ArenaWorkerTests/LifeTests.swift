import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import ArenaTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

struct LifeTests {
    private func act(_ what: String) -> CallRequest {
        .scorerScore(instance: 1, batch: ScoreBatch([ScoreItem(itemID: "", output: what)]).bytes)
    }

    @Test(arguments: TestUser.possible)
    func loadsScoresAndLeaves(user: TestUser) throws {
        let session = try WorkerSession(
            try CompiledPlugin.shared("scorers.c"), id: "scorers", version: "1.2.3", as: user)
        #expect(session.ready.nonce == "n1")
        #expect(session.ready.entry == Ready.Entry(id: "scorers", version: "1.2.3", abiMajor: 1, abiMinor: 0))
        #expect(try session.call(.scorerCreate(instance: 8, kind: "exact", config: "{}")).status == .ok)
        let items = [
            ScoreItem(itemID: "a", output: "x", references: ["x"]),
            ScoreItem(itemID: "b", output: "y", references: ["x"]),
        ]
        let result = try session.call(.scorerScore(instance: 8, batch: ScoreBatch(items).bytes))
        let scores = try ScoreResults(decoding: result.payload, count: 2)
        #expect(scores.map(\.value) == [1, 0])
        #expect(scores[1].explain == "b")
        #expect(try session.call(.scorerDestroy(instance: 8)).status == .ok)
        #expect(try session.call(.scorerDestroy(instance: 8)).status == .notFound)
        try session.worker.send(.bye)
        #expect(Ending(try session.worker.exitStatus()) == .exited(0))
    }

    @Test func callsOnOneInstanceKeepTheirOrder() throws {
        let session = try WorkerSession(try CompiledPlugin.shared("scorers.c"), id: "scorers", version: "1.2.3")
        let batch = ScoreBatch([ScoreItem(itemID: "a", output: "x", references: ["x"])]).bytes
        for round in 1...20 as ClosedRange<UInt64> {
            var ids = [try session.begin(.scorerCreate(instance: round, kind: "exact", config: "{}"))]
            for _ in 0..<3 { ids.append(try session.begin(.scorerScore(instance: round, batch: batch))) }
            ids.append(try session.begin(.scorerDestroy(instance: round)))
            for id in ids {
                guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
                #expect(result.id == id && result.status == .ok)
            }
        }
    }

    @Test func byeWaitsForTheCallsInProgress() throws {
        let session = try WorkerSession(try CompiledPlugin.shared("scorers.c"), id: "scorers", version: "1.2.3")
        let start = CallRequest.JobStart(kind: "echo", jobID: "j", attempt: 1, payload: #"{"wait":true}"#)
        let id = try session.begin(.jobRun(start))
        try session.worker.send(.bye)
        try session.worker.send(.cancel(call: id))
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        #expect(result.status == .cancelled)
        #expect(Ending(try session.worker.exitStatus()) == .exited(0))
    }

    @Test(arguments: [("crash", Ending.signaled(SIGSEGV)), ("abort", .signaled(SIGABRT)), ("exit", .exited(7))])
    func endOfThePluginIsSeenAsItIs(act what: String, ending: Ending) throws {
        let session = try WorkerSession.hostile()
        _ = try session.begin(act(what))
        #expect(try session.worker.receive() == nil)
        #expect(Ending(try session.worker.exitStatus()) == ending)
    }

    @Test func endlessLoopIsKilled() throws {
        let session = try WorkerSession.hostile()
        _ = try session.begin(act("spin"))
        kill(session.worker.pid, SIGKILL)
        #expect(Ending(try session.worker.exitStatus()) == .signaled(SIGKILL))
    }

    @Test func loopingPluginEndsWithItsHost() throws {
        let session = try WorkerSession.hostile()
        _ = try session.begin(act("spin"))
        session.worker.hangUp()
        #expect(Ending(try session.worker.exitStatus()) == .exited(0))
    }

    @Test func loopingConstructorEndsWithItsHost() throws {
        let plugin = try CompiledPlugin.shared("hostile.c", defines: ["SPIN_IN_CONSTRUCTOR"])
        let worker = try WorkerProcess()
        let hello = Hello(
            nonce: "", library: plugin.path, plugin: Hello.Plugin(id: "hostile", version: "1.0.0", sha256: ""),
            sandbox: try .tests(plugin))
        try worker.send(.hello(hello.json))
        worker.hangUp()
        #expect(Ending(try worker.exitStatus()) == .exited(0))
    }

    @Test func crashInAConstructorIsASignal() throws {
        let plugin = try CompiledPlugin.shared("hostile.c", defines: ["CRASH_IN_CONSTRUCTOR"])
        let worker = try WorkerProcess()
        let hello = Hello(
            nonce: "", library: plugin.path, plugin: Hello.Plugin(id: "hostile", version: "1.0.0", sha256: ""),
            sandbox: try .tests(plugin))
        try worker.send(.hello(hello.json))
        #expect(try worker.receive() == nil)
        guard case .signaled = Ending(try worker.exitStatus()) else {
            Issue.record("no signal")
            return
        }
    }

    @Test func waitingWorkerEndsWithItsHost() throws {
        let worker = try WorkerProcess()
        worker.hangUp()
        #expect(Ending(try worker.exitStatus()) == .exited(0))
        let spared = try WorkerProcess()
        try spared.send(.bye)
        #expect(Ending(try spared.exitStatus()) == .exited(0))
    }

    @Test func brokenFrameEndsTheWorker() throws {
        let session = try WorkerSession.hostile()
        try session.worker.send(bytes: [255, 255, 255, 255])
        #expect(Ending(try session.worker.exitStatus()) == .exited(65))
        let early = try WorkerProcess()
        try early.send(.cancel(call: 1))
        #expect(Ending(try early.exitStatus()) == .exited(65))
    }

    @Test func whatThePluginPrintsGoesToItsLog() throws {
        let session = try WorkerSession.hostile()
        #expect(try session.act("print") == "allowed")
        #expect(try session.act("nothing") == "allowed")
        try session.worker.send(.bye)
        #expect(try session.worker.printed() == "printed by the plugin\n")
    }
}
