import ArenaCore
import CLinux
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Starts children that have no plugin yet, and keeps a few waiting: such a child answers a millisecond after it gets
/// its plugin, where a fresh one takes three.
package actor WorkerLauncher {
    private let executable: String
    private let scratchRoot: String
    private let spares: Int
    private var waiting: [PluginChild] = []
    /// Spares on their way.
    private var starting = 0
    /// Every child that has not ended.
    private var living: [ObjectIdentifier: PluginChild] = [:]
    private var spawning = 0
    private var isStopped = false
    private var stopping: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - executable: the path of `arena-worker`.
    ///   - scratchRoot: a folder in which each child gets one of its own.
    ///   - spares: how many children wait for a plugin once one was needed.
    package init(executable: String, scratchRoot: String, spares: Int = 2) {
        self.executable = executable
        self.scratchRoot = scratchRoot
        self.spares = spares
    }

    /// A child without a plugin. The caller owns it.
    package func take() async throws(PluginFault) -> PluginChild {
        while let child = waiting.popLast() {
            if !child.isOver {
                replenish()
                return child
            }
        }
        replenish()
        return try await start()
    }

    /// Ends all children, and returns when they and their folders are gone; later ones are refused.
    package func stop() async {
        isStopped = true
        waiting = []
        for child in living.values { child.dismiss() }
        if !isQuiet { await withCheckedContinuation { stopping.append($0) } }
    }

    private var isQuiet: Bool { living.isEmpty && spawning == 0 }

    private func tellWhenQuiet() {
        guard isQuiet else { return }
        for continuation in stopping { continuation.resume() }
        stopping = []
    }

    /// Starts spares in the background, so that the next caller finds one.
    package func replenish() {
        guard !isStopped, waiting.count + starting < spares else { return }
        starting += 1
        Task {
            let child = try? await start()
            keep(child)
        }
    }

    private func keep(_ child: PluginChild?) {
        starting -= 1
        guard let child, !isStopped else { return }
        waiting.append(child)
        replenish()
    }

    private func start() async throws(PluginFault) -> PluginChild {
        guard !isStopped else { throw Self.stopped }
        spawning += 1
        defer {
            spawning -= 1
            tellWhenQuiet()
        }
        let child = try await spawn()
        living[ObjectIdentifier(child)] = child
        Task {
            _ = await child.end()
            living[ObjectIdentifier(child)] = nil
            tellWhenQuiet()
        }
        guard !isStopped else {
            child.dismiss()
            throw Self.stopped
        }
        return child
    }

    private static let stopped = PluginFault(.workerUnavailable(reason: "the host is shutting down"))

    private func spawn() async throws(PluginFault) -> PluginChild {
        let scratch = scratchRoot + "/" + Identifier.random()
        guard ScratchFolder.make(scratch) else {
            throw PluginFault(.workerUnavailable(reason: "\(scratch): \(String(cString: strerror(errno)))"))
        }
        var sockets: [Int32] = [-1, -1]
        var pipes: [Int32] = [-1, -1]
        let error = arena_linux_socket_pair(&sockets)
        guard error == 0, pipe(&pipes) == 0 else {
            for descriptor in sockets where descriptor >= 0 { close(descriptor) }
            ScratchFolder.remove(scratch)
            throw PluginFault(.workerUnavailable(reason: String(cString: strerror(error == 0 ? errno : error))))
        }
        for descriptor in pipes { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let link = ChildLink(socket: sockets[0], log: pipes[0])
        do throws(PluginFault) {
            let process = try await WorkerProcess.spawn(
                executable: executable, socket: sockets[1], log: pipes[1], environment: Self.environment(scratch))
            let child = PluginChild(process: process, link: link, scratch: scratch)
            let error = link.start(owner: child)
            guard error == 0 else {
                process.kill()
                throw PluginFault(.workerUnavailable(reason: String(cString: strerror(error))))
            }
            return child
        } catch {
            link.abandon()
            ScratchFolder.remove(scratch)
            throw error
        }
    }

    /// All that a plugin sees of the environment.
    private static func environment(_ scratch: String) -> [String: String] {
        [
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": scratch, "TMPDIR": scratch,
            "SWIFT_BACKTRACE": "enable=no",
        ]
    }
}
