import ArenaCockpit
import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Logging
import Testing

/// What the server still says while plugins hold every thread that they may have.
@Suite(.startsProcesses, .timeLimit(.minutes(1)))
struct BlockedThreadsTests {
    @Test func theServerAnswersWhileScorersHoldEveryPluginThread() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(manifest: TestHouse.manifest(timeoutMilliseconds: 60_000))
            try await house.runtime.registry.trust("corpus", isolation: .host)
            let kind = try await house.runtime.scoring.scorer("corpus/obey", config: [:])
            let threads = house.runtime.threads
            let size = threads.counts.threads
            let pipes = try (0..<size).map { try Self.makePipe("\(house.home)/pipe-\($0)") }
            try await Self.withServer(on: house.runtime) { port in
                // Two instances of a scorer judge at once, so there are as many scorers as it takes.
                async let results = withThrowingTaskGroup(of: [ScoreResult].self) { group in
                    for (number, pipe) in pipes.enumerated() {
                        let batch = ScoreBatch([ScoreItem(itemID: "\(number)", output: "read \(pipe)")])
                        group.addTask {
                            try await house.runtime.scoring.score(
                                batch, with: kind, config: ["number": JSONValue(number / 2)])
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                var writers: [Int32] = []
                for pipe in pipes { writers.append(try await Self.openOnceItIsRead(pipe)) }
                #expect(threads.counts.busy == size)
                async let waiting = house.isAlive()

                for path in ["/healthz", "/readyz", "/api/kinds", "/api/plugins", "/api/jobs"] {
                    #expect(try await Self.get(path, port: port) == 200, "\(path)")
                }
                #expect(threads.counts.busy == size, "the scorers still hold the threads")

                for writer in writers { close(writer) }
                #expect(try await results.map(\.value) == Array(repeating: 1, count: size))
                #expect(try await waiting, "what had to wait is done now")
            }
            #expect(threads.counts.abandoned == 0)
            await house.runtime.close()
            while threads.counts.threads > 0 { try await Task.sleep(for: .milliseconds(1)) }
            let scratch = house.home + "/scratch"
            while try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty == false {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// Runs the server on a port of its own for as long as `body` runs.
    private static func withServer(
        on runtime: ArenaRuntime, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = CockpitServer(
            options: CockpitOptions(port: 0, operatorToken: Secret("0123456789abcdef0123456789abcdef"), version: "1"),
            backend: RuntimeBackend(runtime), logger: logger)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            defer { listening.finish() }
            try await server.run { listening.yield($0.port) }
        }
        defer { running.cancel() }
        for await port in ports {
            try await body(port)
            running.cancel()
            _ = await running.result
            return
        }
        try await running.value
    }

    /// The status of an answer.
    private static func get(_ path: String, port: Int) async throws -> Int {
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
        let answer = String(
            decoding: await RawConnection.exchange(Array(request.utf8), port: port), as: UTF8.self)
        return Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    private static func makePipe(_ path: String) throws -> String {
        guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return path
    }

    /// Returns once somebody has opened the pipe to read from it, who then waits until the writer is closed.
    private static func openOnceItIsRead(_ path: String) async throws -> Int32 {
        let writer = try await RawConnection.onThread { open(path, O_WRONLY | O_CLOEXEC) }
        guard writer >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return writer
    }
}
