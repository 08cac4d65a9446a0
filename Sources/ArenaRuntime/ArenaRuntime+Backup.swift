package import ArenaCore
import ArenaStore
import Foundation

/// A copy of the database that was made.
package struct BackupReport: Sendable, Hashable {
    /// Absolute.
    package let path: String
    package let size: ByteCount
}

extension ArenaRuntime {
    /// Copies the database while everything goes on; ``ArenaStore/backUp(to:)`` says how.
    ///
    /// - Parameter path: an absolute path at which nothing is; `nil`: `backups/arena-<time>.db` of the home.
    package func backUp(to path: String?) async throws -> BackupReport {
        let target: String
        if let path {
            target = path
        } else {
            let folder = options.home + "/backups"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            target = "\(folder)/arena-\(options.clock.now().fileName).db"
        }
        try await store.backUp(to: target)
        let size = try FileManager.default.attributesOfItem(atPath: target)[.size] as? UInt64
        return BackupReport(path: target, size: ByteCount(size ?? 0))
    }
}
