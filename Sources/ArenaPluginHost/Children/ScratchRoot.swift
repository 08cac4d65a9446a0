import ArenaCore
import Glibc

/// The folder in which the children of one process have theirs. It goes with the process: what one that was killed has
/// left is removed by the next.
///
/// A lock on the folder says that its process lives, in whatever container that runs.
package final class ScratchRoot: Sendable {
    package let path: String
    private let parent: String
    private let name: String
    private let lock: FileLock

    /// Makes a folder below `parent`, which must exist, and removes those of processes that are gone. Blocks.
    package init(below parent: String) throws(PluginError) {
        let name = Identifier.random()
        do throws(SystemFailure) {
            let directory = try FileDescriptor.directory(parent)
            Self.removeLeftovers(in: directory)
            // Under another name until it is locked, so that nobody takes it for a leftover.
            try directory.makeDirectory(".\(name)", permissions: 0o700)
            let own = try directory.open(".\(name)", O_RDONLY | O_DIRECTORY)
            guard let lock = try FileLock(LOCK_EX, ifFree: own) else {
                throw SystemFailure("flock \(name)", errno: EWOULDBLOCK)
            }
            try directory.rename(".\(name)", to: name)
            self.lock = lock
        } catch {
            throw error.whileWriting(parent)
        }
        self.parent = parent
        self.name = name
        path = "\(parent)/\(name)"
    }

    /// Removes it with all that is in it. What cannot be removed is left to the next process.
    package func remove() {
        guard let directory = try? FileDescriptor.directory(parent) else { return }
        try? directory.removeTree(name)
    }

    private static func removeLeftovers(in directory: borrowing FileDescriptor) {
        for case let name? in (try? directory.names()) ?? [] where !name.hasPrefix(".") {
            guard let folder = try? directory.open(name, O_RDONLY | O_DIRECTORY),
                let lock = try? FileLock(LOCK_EX, ifFree: folder)
            else { continue }
            try? directory.removeTree(name)
            lock.release()
        }
    }
}
