package import ArenaStore
import CLinux
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ends what a dead host left running. Tests give one of their own.
package protocol ProcessEnder: Sendable {
    /// Kills a process and its group, and waits until it is gone.
    ///
    /// - Returns: whether it surely no longer runs. A process of that number that began at another time is left alone,
    ///   and counts as gone.
    func end(_ process: ProcessStamp) async -> Bool
}

/// Ends processes through a descriptor, which cannot come to mean another process meanwhile.
package struct LinuxProcessEnder: ProcessEnder {
    /// How long to wait for a process that was killed.
    package var patience: Duration

    package init(patience: Duration = .seconds(5)) {
        self.patience = patience
    }

    package func end(_ process: ProcessStamp) async -> Bool {
        let patience = patience
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Self.endAndWait(process, patience: patience))
            }
        }
    }

    /// Blocks.
    private static func endAndWait(_ process: ProcessStamp, patience: Duration) -> Bool {
        guard process.pid > 1 else { return true }
        let descriptor = arena_linux_pidfd_open(process.pid)
        guard descriptor >= 0 else { return descriptor == -ESRCH }
        defer { _ = close(descriptor) }
        // Looked up after opening: if the start time is right now, the descriptor is of that process.
        guard case .present(process.startTicks) = LinuxProcessTable().look(up: process.pid) else { return true }
        // A child leads a group of its own. While the leader is not reaped its number names no other group.
        _ = kill(-process.pid, SIGKILL)
        let refusal = arena_linux_pidfd_send_signal(descriptor, SIGKILL)
        guard refusal == 0 || refusal == ESRCH else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            let answer = poll(&entry, 1, 100)
            if answer > 0 { return true }
            if answer < 0, errno != EINTR { return false }
        }
        return false
    }
}
