import ArenaPluginABI
import ArenaPluginHost
import Testing

/// The host's threads for plugin calls: a call that never returns costs its caller a deadline and nobody else anything.
struct PluginThreadsTests {
    /// Blocks calls until it is opened.
    private let door = Gate(false)

    private func wait() { _ = door.wait(while: { !$0 }, then: { _ in }) }
    private func open() { door.update { $0 = true } }

    @Test func givesTheValueOfACall() async throws {
        let threads = PluginThreads(size: 1)
        #expect(try await threads.call(within: .seconds(10)) { _ in 42 } == 42)
        threads.stop()
    }

    @Test func goesOnWhenEveryThreadIsBlocked() async throws {
        let threads = PluginThreads(size: 2)
        await withTaskGroup(of: PluginThreads.Refusal?.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do throws(PluginThreads.Refusal) {
                        try await threads.call(within: .milliseconds(50)) { _ in self.wait() }
                        return nil
                    } catch { return error }
                }
            }
            for await refusal in group { #expect(refusal == .deadline(startedRunning: true)) }
        }
        #expect(threads.counts.abandoned == 2)
        #expect(try await threads.call(within: .seconds(10)) { _ in "still here" } == "still here")
        open()
        threads.stop()
    }

    @Test func refusesAtOnceWhenTooManyThreadsAreLost() async throws {
        let threads = PluginThreads(size: 1, mostAbandoned: 1)
        await #expect(throws: PluginThreads.Refusal.deadline(startedRunning: true)) {
            try await threads.call(within: .milliseconds(50)) { _ in self.wait() }
        }
        await #expect(throws: PluginThreads.Refusal.exhausted) {
            try await threads.call(within: .seconds(10)) { _ in }
        }
        open()
        threads.stop()
    }

    @Test func tellsACallThatNobodyWantsItAnyMore() async throws {
        let threads = PluginThreads(size: 1)
        let call = Task {
            do throws(PluginThreads.Refusal) {
                return try await threads.call(within: .seconds(60)) { call in
                    while !call.isCancelled { _ = self.door.wait(until: 1, while: { !$0 }, then: { _ in }) }
                    return true
                }
            } catch { return error == .cancelled }
        }
        call.cancel()
        #expect(await call.value)
        threads.stop()
    }

    @Test func refusesCallsOnceItIsStopped() async throws {
        let threads = PluginThreads(size: 1)
        threads.stop()
        await #expect(throws: PluginThreads.Refusal.cancelled) { try await threads.call(within: .seconds(1)) { _ in } }
    }
}
