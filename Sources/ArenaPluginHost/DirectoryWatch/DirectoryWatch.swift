import ArenaPluginABI
import Glibc
import Synchronization

/// Watches the plugin directories and says when to look at them again.
///
/// ```swift
/// let watch = try DirectoryWatch(scanner.directories.map(WatchedDirectory.init))
/// scan()                                   // after the watch began, so that nothing is missed
/// for await _ in watch.changes { scan() }
/// ```
/// A tick comes about 200 ms after the last of a run of changes, and during a run each 500 ms: every change is visible
/// within a second. Directories that are missing are waited for. The work is done on a thread of its own, which ends
/// with ``stop()`` or with this value.
package final class DirectoryWatch: Sendable {
    package enum Method: Hashable, Sendable {
        /// inotify; polling where the kernel refuses it.
        case automatic
        /// Compare each 500 ms.
        case polling
    }

    /// One element for each reason to scan; those that nobody took yet become one. Ends when the watch does. For one
    /// consumer.
    package let changes: AsyncStream<Void>
    /// Why the watch polls, such as `No space left on device` for exhausted inotify watches; `nil` when it does not.
    /// A watch may begin to poll later.
    package var pollingReason: String? { status.pollingReason }

    private let status = WatchStatus()
    /// The end of the pipe that keeps the thread going: closing it stops the thread.
    private let lifeline: Mutex<FileDescriptor?>

    /// Begins to watch: what changes after this returns is reported. Blocks for a walk through the directories.
    ///
    /// - Throws: `plugin.unreadable` when no pipe or thread can be had.
    package init(_ directories: [WatchedDirectory], method: Method = .automatic) throws(PluginError) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        changes = stream
        var ends: [Int32] = [-1, -1]
        let failed = pipe(&ends) != 0 ? errno : 0
        lifeline = Mutex(failed == 0 ? FileDescriptor(adopting: ends[1]) : nil)
        guard failed == 0 else { throw SystemFailure("pipe", errno: failed).whileReading("The plugin directories") }
        let reader = FileDescriptor(adopting: ends[0])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let loop = WatchLoop(directories, method, lifeline: reader, status, continuation)
        try reading("The plugin directories") { () throws(SystemFailure) in
            let code = PluginThread.start("arena-watch") { loop.run() }
            guard code == 0 else { throw SystemFailure("pthread_create", errno: code) }
        }
    }

    /// Ends the watch and ``changes``. Returns at once; calling it again does nothing.
    package func stop() {
        lifeline.withLock { $0 = nil }
    }
}

/// What the thread of a watch tells its owner.
final class WatchStatus: Sendable {
    private let reason = Mutex<String?>(nil)

    var pollingReason: String? {
        get { reason.withLock { $0 } }
        set { reason.withLock { $0 = newValue } }
    }
}
