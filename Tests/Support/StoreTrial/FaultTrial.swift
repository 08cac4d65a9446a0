import ArenaCore
import ArenaJSON
import ArenaStore
import CFaultyFiles
import Glibc

/// Runs the fixed history again and again, each time with a fault of the disk at another operation, and looks what the
/// store holds afterwards: every transaction that was answered, and of the one that was not all or nothing.
struct FaultTrial {
    let folder: String
    /// How far apart the operations are that are tried; 1: each.
    let every: UInt64
    /// Which of them is the first.
    let seed: UInt64

    private var path: String { folder + "/arena.db" }

    private struct Plan {
        let kind: faulty_kind
        let name: String
        /// The disk stays as it is until the process has ended.
        let stays: Bool
    }

    private static let plans = [
        Plan(kind: FAULTY_IO, name: "io", stays: false), Plan(kind: FAULTY_IO, name: "io for good", stays: true),
        Plan(kind: FAULTY_SYNC, name: "sync", stays: false), Plan(kind: FAULTY_FULL, name: "full", stays: false),
        Plan(kind: FAULTY_FULL, name: "full for good", stays: true),
        Plan(kind: FAULTY_SHORT, name: "short write", stays: false),
        Plan(kind: FAULTY_TORN, name: "torn write", stays: false),
        Plan(kind: FAULTY_TORN, name: "torn write for good", stays: true),
    ]

    private struct Report {
        var operations: [String: Int] = [:]
        var faults = 0
        /// Faults that a caller was told of.
        var told = 0
        var codes: Set<String> = []
        var broken: [String] = []
    }

    /// - Returns: `{operations: {plan: n}, steps, faults, told, codes: [code], broken: [text]}`; `broken` is to be empty.
    func run() async throws -> JSONValue {
        guard faulty_register() == 0 else {
            throw Failure(code: "trial.vfs", category: .internalError, message: "SQLite takes no other files.")
        }
        let pictures = try await undisturbed()
        var report = Report()
        for plan in Self.plans {
            // With the fault behind the end, all operations are counted.
            let operations = try await disturbed(plan, after: .max, pictures, &report)
            for passing in stride(from: seed % every, to: operations, by: Int(every)) {
                _ = try await disturbed(plan, after: passing, pictures, &report)
            }
            report.operations[plan.name] = Int(operations)
        }
        return [
            "operations": .object(JSONObject(report.operations.sorted { $0.key < $1.key }.map { ($0, JSONValue($1)) })),
            "steps": JSONValue(FixedHistory.steps.count), "faults": JSONValue(report.faults),
            "told": JSONValue(report.told),
            "codes": .array(report.codes.sorted().map(JSONValue.string)),
            "broken": .array(report.broken.map(JSONValue.string)),
        ]
    }

    /// How the store looks before the first step, and after each.
    private func undisturbed() async throws -> [String] {
        removeFiles()
        let store = try await open()
        var pictures = [try await FixedHistory.picture(of: store)]
        for step in FixedHistory.steps {
            try await step.act(store)
            pictures.append(try await FixedHistory.picture(of: store))
        }
        try await store.close()
        return pictures
    }

    /// One history with one fault.
    ///
    /// - Returns: how many operations there were that the fault could have struck.
    private func disturbed(
        _ plan: Plan, after passing: UInt64, _ pictures: [String], _ report: inout Report
    ) async throws -> UInt64 {
        removeFiles()
        faulty_arm(plan.kind, passing, plan.stays ? 1 : 0)
        var done = 0
        var failed: String?
        var early: String?
        do {
            let store = try await open()
            do {
                for step in FixedHistory.steps {
                    try await step.act(store)
                    done += 1
                }
            } catch {
                failed = Failure(error).code
                // One fault that passes: the store that met it goes on.
                if !plan.stays { early = try? await FixedHistory.picture(of: store) }
            }
            try? await store.close()
        } catch {
            failed = Failure(error).code
        }
        let operations = faulty_disarm()
        report.faults += operations > passing ? 1 : 0
        if let failed {
            report.told += 1
            report.codes.insert(failed)
        }
        do {
            try await check(done, failed != nil, early, pictures)
        } catch {
            report.broken.append("\(plan.name), operation \(passing), step \(done): \(Failure(error).message)")
        }
        return operations
    }

    /// Opens the file anew, looks, and goes on with what is left.
    private func check(_ done: Int, _ isFailed: Bool, _ early: String?, _ pictures: [String]) async throws {
        let store = try await open()
        var next = done
        let now = try await FixedHistory.picture(of: store)
        if isFailed, done < FixedHistory.steps.count, now == pictures[done + 1] {
            next = done + 1  // it was not answered, and is there
        } else if now != pictures[done] {
            throw Self.wrong("it shows neither the state before nor the one after:\n\(now)")
        }
        // What reached the file without the wait for it may be found there later; what was shown is never gone.
        if let early, early != now, early != pictures[done] {
            throw Self.wrong("the store had shown another state before it was closed:\n\(early)")
        }
        let problems = try await store.integrityProblems()
        guard problems.isEmpty else { throw Self.wrong("the file is damaged: \(problems)") }
        for step in FixedHistory.steps[next...] { try await step.act(store) }
        guard try await FixedHistory.picture(of: store) == pictures.last else {
            throw Self.wrong("what was left of the history came to another end")
        }
        try await store.close()
    }

    private static func wrong(_ message: String) -> Failure {
        Failure(code: "trial.wrong", category: .internalError, message: message)
    }

    private func open() async throws -> ArenaStore {
        try await ArenaStore.open(path: path, clock: StandingClock())
    }

    private func removeFiles() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
}
