import Subprocess
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// How a child process ended.
package enum ProcessEnd: Hashable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    /// It could not be started at all.
    case notStarted(reason: String)

    /// For people: `exited with status 7`, `was ended by signal 11 (SIGSEGV)`.
    package var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signaled(let signal): "was ended by signal \(signal)\(Self.name(signal).map { " (\($0))" } ?? "")"
        case .notStarted(let reason): "could not be started: \(reason)"
        }
    }

    private static func name(_ signal: Int32) -> String? {
        switch signal {
        case SIGSEGV: "SIGSEGV"
        case SIGABRT: "SIGABRT"
        case SIGBUS: "SIGBUS"
        case SIGILL: "SIGILL"
        case SIGFPE: "SIGFPE"
        case SIGTRAP: "SIGTRAP"
        case SIGKILL: "SIGKILL"
        case SIGXCPU: "SIGXCPU, the CPU time limit"
        case SIGSYS: "SIGSYS"
        case SIGTERM: "SIGTERM"
        default: nil
        }
    }
}

/// A running `arena-worker`, in a process group of its own, that speaks over the socket it was given.
///
/// swift-subprocess spawns and reaps it; ending is by signal to the whole group.
package struct WorkerProcess: Sendable {
    package let pid: Int32
    private let life: Task<ProcessEnd, Never>

    /// Starts `executable` with `socket` as descriptor 0 and `log` as descriptor 2; both are closed here afterwards.
    ///
    /// - Parameter environment: everything that the child sees; nothing is inherited.
    package static func spawn(
        executable: String, socket: Int32, log: Int32, environment: [String: String]
    ) async throws(PluginFault) -> Self {
        let (started, pidContinuation) = AsyncStream.makeStream(of: Int32.self)
        let life = Task {
            defer { pidContinuation.finish() }
            return await run(executable, socket: socket, log: log, environment: environment) { pid in
                pidContinuation.yield(pid)
                pidContinuation.finish()
            }
        }
        for await pid in started { return Self(pid: pid, life: life) }
        throw PluginFault(.workerUnavailable(reason: await life.value.description))
    }

    /// How it ended; waits until it has.
    package func end() async -> ProcessEnd { await life.value }

    /// Ends the whole group at once (SIGKILL). Idempotent; does nothing to a process that has ended.
    package func kill() { life.cancel() }

    private static func run(
        _ executable: String, socket: Int32, log: Int32, environment: [String: String],
        onStart: @Sendable @escaping (Int32) -> Void
    ) async -> ProcessEnd {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(1))
        ]
        let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(executable)),
                environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
                platformOptions: options,
                input: .fileDescriptor(SystemPackage.FileDescriptor(rawValue: socket), closeAfterSpawningProcess: true),
                output: .discarded,
                error: .fileDescriptor(SystemPackage.FileDescriptor(rawValue: log), closeAfterSpawningProcess: true)
            ) { execution in
                onStart(execution.processIdentifier.value)
            }
            return switch result.terminationStatus {
            case .exited(let status): .exited(status)
            case .signaled(let signal): .signaled(signal)
            }
        } catch {
            return .notStarted(reason: "\(error)")
        }
    }
}
