import ArenaPluginABI
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A process to start.
struct Spawn: Sendable {
    let arguments: [String]
    let environment: [String]
    /// Becomes descriptor 0.
    let socket: Int32
    /// The path of the file that becomes descriptor 2.
    let standardError: String

    func start() -> (pid: pid_t, error: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, socket, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        let arguments: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        let environment: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for string in arguments + environment { free(string) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, self.arguments[0], &actions, nil, arguments, environment)
        return (pid, error)
    }
}

/// The one thread that starts workers: a worker dies with the thread that started it, so that must be one that lasts.
final class SpawningThread: Sendable {
    static let shared = SpawningThread()

    private struct State {
        var waiting: [Spawn] = []
        var started: [(pid: pid_t, error: Int32)] = []
        var isTaken = false
    }

    private let gate = Gate(State())

    private init() {
        _ = PluginThread.start("spawner") { [self] in
            while true {
                let spawn = gate.wait(while: { $0.waiting.isEmpty }) { $0.waiting.removeFirst() }
                let result = spawn?.start() ?? (0, EINVAL)
                gate.update { $0.started.append(result) }
            }
        }
    }

    func start(_ spawn: Spawn) throws -> pid_t {
        _ = gate.wait(while: { $0.isTaken }) { $0.isTaken = true }
        gate.update { $0.waiting.append(spawn) }
        let started = gate.wait(while: { $0.started.isEmpty }) { $0.started.removeFirst() }
        gate.update { $0.isTaken = false }
        let (pid, error) = try #require(started)
        try #require(error == 0, "posix_spawn: errno \(error)")
        return pid
    }
}
