import ArenaCore
import ArenaPluginHost
import ArenaPluginWire
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
}
