import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// A house with the plugin `toil`, whose jobs fail, crash or do not hear as their payload asks.
extension TestHouse {
    static func withToil(_ body: (TestHouse) async throws -> Void) async throws {
        try await withHouse { house in
            let manifest = URL(filePath: CompiledPlugin.checkout + "/Tests/Fixtures/Plugins/toil.json")
            try house.place("toil", from: "toil.c", manifest: JSONValue(parsing: Array(Data(contentsOf: manifest))))
            try await house.settle("toil")
            try await body(house)
        }
    }

    func toil(_ payload: JSONValue) async throws -> JobRecord {
        try await runtime.jobs.enqueue(JobRequest(kind: "toil/toil", payload: payload, trigger: "test")).job
    }

    /// Waits until a job fulfils a condition.
    func until(_ id: String, _ condition: (JobRecord) async throws -> Bool) async throws -> JobRecord {
        for await _ in runtime.store.wakeups() {
            let job = try #require(try await runtime.store.job(id))
            if try await condition(job) { return job }
        }
        throw CancellationError()
    }

    /// Runs jobs in this process while `body` runs.
    func dispatching(_ body: () async throws -> Void) async throws {
        let dispatcher = runtime.makeDispatcher()
        let serving = Task { try await dispatcher.run() }
        do {
            try await body()
        } catch {
            dispatcher.stop()
            _ = await serving.result
            throw error
        }
        dispatcher.stop()
        try await serving.value
    }

    /// The numbers of the steps that a job that is done has sealed, each with the attempt that made it.
    func steps(of id: String) async throws -> [Int: Int] {
        let rows = try await runtime.store.pluginRecords(ofJob: id, recordType: "step/1")
        return Dictionary(uniqueKeysWithValues: rows.map { (Int($0.key) ?? -1, $0.json["attempt"]?.int ?? -1) })
    }
}

extension ProcessStatus {
    /// Returns once the process has ended, or its time is up; whether it has.
    static func waitForEnd(of pid: Int32, atMost patience: Duration = .seconds(10)) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        while let status = ProcessStatus(of: pid), !status.isZombie {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}
