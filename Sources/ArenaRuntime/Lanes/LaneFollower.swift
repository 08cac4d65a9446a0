package import ArenaLanes
package import ArenaPluginHost
import Foundation

/// Takes what is edited in `arena.yaml` about lanes, within a second and without a restart. What else the file says
/// counts from the next start on.
package final class LaneFollower: Sendable {
    private let runtime: ArenaRuntime
    private let path: String
    private let watch: DirectoryWatch
    private let report: @Sendable (LaneEdition.Change) -> Void

    /// Begins to watch: what changes after this returns is taken.
    ///
    /// - Parameter report: hears what was taken, and what was not and why.
    package init(
        _ runtime: ArenaRuntime, report: @escaping @Sendable (LaneEdition.Change) -> Void
    ) throws(PluginError) {
        self.runtime = runtime
        self.report = report
        path = runtime.options.home + "/arena.yaml"
        // Of a file that is a link, what it leads to is edited elsewhere.
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        watch = try DirectoryWatch(Set([path, target]).map(Self.directory(of:)))
    }

    private static func directory(of file: String) -> WatchedDirectory {
        let url = URL(filePath: file)
        return WatchedDirectory(path: url.deletingLastPathComponent().path, depth: .only(url.lastPathComponent))
    }

    /// Follows the file until ``stop()``.
    package func run() async {
        await look()
        for await _ in watch.changes { await look() }
    }

    package func stop() { watch.stop() }

    private func look() async {
        let path = path
        guard
            let reading = try? await runtime.threads.call(
                within: .seconds(10), { _ in Configuration.lanes(ofFile: path) })
        else { return }
        if let change = await runtime.lanes.take(reading) { report(change) }
    }
}
