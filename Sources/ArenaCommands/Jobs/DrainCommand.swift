import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArgumentParser
import UnixSignals

struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Make one pass: fire what is due, run what can be run, and end.",
        discussion: """
            For cron or a systemd timer, where nothing shall run all the time. A job that is refused, because a \
            resource is not to be had now, ends the pass. One pass goes at a time: another one does nothing meanwhile.
            """)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let report = try await untilInterrupted { try await runtime.makeDrain().run() }
            Console.current.answer(report.json) { Presentation.drain(report.json, $0) }
        }
    }

    /// An interrupt gives running jobs back.
    private func untilInterrupted(
        _ pass: @escaping @Sendable () async throws -> Drain.Report
    ) async throws -> Drain.Report {
        try await withThrowingTaskGroup(of: Drain.Report?.self) { group in
            group.addTask { try await pass() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: [.sigint, .sigterm]) { throw CancellationError() }
                return nil
            }
            defer { group.cancelAll() }
            while let report = try await group.next() {
                if let report { return report }
            }
            throw CancellationError()
        }
    }
}
