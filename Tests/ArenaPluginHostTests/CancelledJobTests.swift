import ArenaCore
import ArenaPluginHost
import ArenaPluginWire
import Testing

/// A job that waits for a service when nobody wants it any more.
@Suite(.timeLimit(.minutes(1)))
struct CancelledJobTests {
    @Test func whatWaitsForAServiceIsToldAtOnceSoThatItsChildIsNotEndedByForce() async throws {
        let children = try PluginChildren("services", jobKinds: ["services"], services: ["arena.kv/1"])
        let values = StubValues()
        var providers = ServiceProviders()
        providers.keyValues = values
        let session = ServiceSession(providers: providers, granted: children.kind.plugin.manifest.services)
        let start = CallRequest.JobStart(kind: "services", jobID: "j", attempt: 1, payload: #"{"kv":true}"#)
        let job = Task {
            try await JobRunner(loader: children.loader).run(
                start, with: children.kind, seed: 0, deadline: nil, session: session, onStart: { _ in },
                onPrint: { _ in })
        }
        await values.untilAsked()
        job.cancel()
        let fault = await #expect(throws: PluginFault.self) { _ = try await job.value }
        #expect(fault?.kind == .cancelled, "\(fault?.message ?? "")")
        await values.untilCancelled()
        try await children.untilNoneIsLeft()
    }
}
