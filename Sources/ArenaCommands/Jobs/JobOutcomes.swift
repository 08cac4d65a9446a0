import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArgumentParser

/// What became of each of the jobs that a command was given.
struct JobOutcomes {
    private(set) var jobs: [JobRecord] = []
    private(set) var failures: [(id: String, failure: Failure)] = []
    /// In the order in which they were given: the job, or `{id, error}`.
    private(set) var elements: [JSONValue] = []

    /// Each id once, in the order in which they were given.
    static func distinct(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }

    mutating func add(_ id: String, _ body: () async throws -> JobRecord) async throws {
        do {
            let job = try await body()
            jobs.append(job)
            elements.append(job.json)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let failure = Failure(error)
            failures.append((id, failure))
            elements.append(["id": .string(id), "error": Console.document(failure)])
        }
    }

    /// `[{id, error}]`
    var failureList: JSONValue {
        .array(failures.map { ["id": .string($0.id), "error": Console.document($0.failure)] })
    }

    /// Says what failed, once the answer was given, and ends the command with the status of the first failure.
    func throwFailures() throws {
        guard let first = failures.first else { return }
        for (_, failure) in failures { Console.current.report(failure) }
        throw ExitCode(first.failure.category.exitStatus)
    }
}
