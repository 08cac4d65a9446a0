import ArenaCore
import ArenaPluginHost
import ArenaPluginWire
import Synchronization
import Testing

/// One child and what becomes of it.
@Suite(.timeLimit(.minutes(1)))
struct PluginChildTests {
    private let corpus: PluginChildren

    init() throws { corpus = try PluginChildren("corpus", jobKinds: ["obey", "other"]) }

    private func validate(in child: PluginChild) async throws {
        _ = try await child.call(.jobValidate(kind: "obey", payload: "{}"), deadline: nil)
    }

    @Test func callOnAChildThatIsGoneSaysHowItEnded() async throws {
        let (child, _) = try await corpus.loader.load(corpus.kind.plugin, for: corpus.kind.kind)
        child.kill()
        #expect(await child.end() == .signaled(9))
        let fault = await #expect(throws: PluginFault.self) { try await validate(in: child) }
        guard case .crashed(.signaled(9), _) = fault?.kind else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(fault?.message.contains("SIGKILL") == true)
    }

    @Test func loadingIntoAChildThatIsGoneSaysHowItEnded() async throws {
        let child = try await corpus.loader.launcher.take()
        child.kill()
        _ = await child.end()
        let fault = await #expect(throws: PluginFault.self) {
            try await corpus.loader.load(corpus.kind, into: child, seed: 0)
        }
        #expect(fault?.message.contains("SIGKILL") == true)
    }

    @Test func callThatIsUnderWayWhenTheTaskIsCancelledEndsAsCancelled() async throws {
        let child = try await corpus.loader.launcher.take()
        let loading = Task { try await corpus.loader.load(corpus.kind, into: child, seed: 0) }
        loading.cancel()
        if case .failure(let error) = await loading.result { #expect((error as? PluginFault)?.kind == .cancelled) }
        child.kill()
        _ = await child.end()
    }

    @Test func aChildThatIsDismissedShutsItsPluginDownInItsOwnTime() async throws {
        let slow = try PluginChildren("corpus", jobKinds: ["obey"], defines: ["ON_SHUTDOWN=\"nap, then print\""])
        let child = try await slow.loader.launcher.take()
        let prints = Mutex<[String]>([])
        child.onPrint { line in prints.withLock { $0.append(line) } }
        try await slow.loader.load(slow.kind, into: child, seed: 0)
        child.dismiss()
        #expect(await child.end() == .exited(0))
        #expect(prints.withLock { $0 } == ["noise"])
    }

    @Test func aChildThatDoesNotEndIsEndedByForce() async throws {
        let stuck = try PluginChildren("corpus", jobKinds: ["obey"], defines: ["ON_SHUTDOWN=\"pause\""])
        let (child, _) = try await stuck.loader.load(stuck.kind.plugin, for: stuck.kind.kind)
        child.dismiss()
        #expect(await child.end() == .signaled(9))
    }
}
