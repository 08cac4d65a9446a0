import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// `arena job` beside other processes that work on the same home.
@Suite(.startsProcesses, .timeLimit(.minutes(2)))
struct JobCommandLineTests {
    /// Lines come from this process, the command is another: nothing but the file is between them.
    @Test func aLogIsFollowedLineByLineToTheEndOfItsJob() async throws {
        try await TestHouse.withHouse { house in
            let store = house.runtime.store
            let claim = try await Self.claim(house)
            func write(_ message: String) async throws {
                let line = LogLine(level: 1, message: message, createdAt: SystemClock().now())
                #expect(try await store.report([line], progress: nil, for: claim.lease))
            }
            for message in ["first", "second"] { try await write(message) }
            let command = try RunningCommand(
                ["job", "log", claim.job.id, "--follow", "--tail", "1", "--json"], home: house.home)
            defer { command.kill() }
            #expect(try await command.nextLine()?["message"] == "second")
            for message in ["third", "fourth"] {
                try await write(message)
                #expect(try await command.nextLine()?["message"]?.string == message)
            }
            _ = try await store.conclude(claim.lease) { job in
                var conclusion = AttemptConclusion(.done, by: .finish, of: job)
                conclusion.notes = ["the last"]
                return conclusion
            }
            #expect(try await command.nextLine()?["message"] == "the last")
            #expect(try await command.nextLine() == nil)
            #expect(await command.exitStatus() == 0)
        }
    }

    @Test func aJobThatRunsElsewhereIsEndedAndWaitedFor() async throws {
        try await TestHouse.withHouse { house in
            let (id, worker) = try await Self.runSleep(house)
            defer { worker.kill() }
            let cancelled = try await CommandRun(["job", "cancel", id, "--json"], home: house.home)
            #expect(cancelled.status == 0, "\(cancelled.words)")
            #expect(cancelled.json[0]?["status"] == "skipped" && cancelled.json[0]?["reason"] == "cancelled")
            #expect(await worker.exitStatus() == 130)
        }
    }

    @Test func aJobWhoseHostIsDeadIsTakenFromItFirst() async throws {
        try await TestHouse.withHouse { house in
            let (id, worker) = try await Self.runSleep(house)
            worker.kill()
            _ = await worker.exitStatus()
            #expect(try await house.runtime.store.job(id)?.status == .running)
            let cancelled = try await CommandRun(["job", "cancel", id, "--no-wait", "--json"], home: house.home)
            #expect(cancelled.status == 0, "\(cancelled.words)")
            #expect(cancelled.json[0]?["status"] == "skipped", "\(cancelled.words)")
            let attempts = try await house.runtime.store.attempts(ofJob: id)
            #expect(attempts.map(\.end) == [.lost])
            let child = try #require(attempts.first?.child)
            #expect(LinuxProcessTable().look(up: child.pid) != .present(startTicks: child.startTicks))
        }
    }

    /// A job that this process holds, and nobody works on.
    private static func claim(_ house: TestHouse) async throws -> Claim {
        await house.runtime.registry.refresh()
        let job = try await house.runtime.jobs.enqueue(
            JobRequest(kind: "sleep", payload: ["seconds": 1], trigger: "test"))
        let store = house.runtime.store
        let claims = try await store.claim(
            ClaimRequest(
                limit: 1, onlyJobID: job.job.id, dispatcherID: "d", host: .current(),
                leaseExpiresAt: store.now() + .seconds(30)))
        let claim = try #require(claims.first)
        #expect(try await store.begin(claim.lease, plugin: PluginStamp(id: "sleep", version: "1.0.0", sha256: "ab")))
        return claim
    }

    /// A job that `arena run` runs in the foreground.
    private static func runSleep(_ house: TestHouse) async throws -> (id: String, worker: RunningCommand) {
        let worker = try RunningCommand(
            ["run", "sleep", "--payload", #"{"seconds": 600}"#, "--wait"], home: house.home)
        for await _ in house.runtime.store.wakeups() {
            guard let job = try await house.runtime.store.jobs().first, job.status == .running,
                try await house.runtime.store.attempts(ofJob: job.id).first?.child != nil
            else { continue }
            return (job.id, worker)
        }
        throw CancellationError()
    }
}

/// `arena`, while it runs.
private final class RunningCommand: Sendable {
    private let process: Process
    private let output: FileHandle

    init(_ arguments: [String], home: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: TestHouse.products + "/arena")
        process.arguments = arguments + ["--home", home]
        process.environment = ["HOME": home]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        output = pipe.fileHandleForReading
    }

    /// The next line as JSON; `nil` once there is no more.
    func nextLine() async throws -> JSONValue? {
        let output = output
        return try await RawConnection.onThread {
            var line: [UInt8] = []
            while let byte = try output.read(upToCount: 1)?.first {
                guard byte != UInt8(ascii: "\n") else { return try JSONValue(parsing: line) }
                line.append(byte)
            }
            return nil
        }
    }

    func exitStatus() async -> Int32 {
        let process = process
        let status = try? await RawConnection.onThread {
            process.waitUntilExit()
            return process.terminationStatus
        }
        return status ?? -1
    }

    func kill() {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }
}
