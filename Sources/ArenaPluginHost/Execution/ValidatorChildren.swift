internal import ArenaCore

/// Children that have a job kind's plugin loaded and wait to look at payloads, so that not every job that is enqueued
/// costs a process of its own.
///
/// A child that failed in any way is never used again. At most ``mostIdle`` wait, each for `idleLimit` at most.
package actor ValidatorChildren {
    /// A child is only for the kind and generation that its fences were made for.
    private struct Key: Hashable {
        let sha256: String
        let kind: String
    }
    private struct Idle {
        let key: Key
        let child: PluginChild
        let number: UInt64
    }

    private static let mostIdle = 2

    private let loader: PluginLoader
    private let idleLimit: Duration
    private var idle: [Idle] = []
    private var next: UInt64 = 0
    private var isStopped = false

    package init(loader: PluginLoader, idleLimit: Duration = .seconds(10)) {
        self.loader = loader
        self.idleLimit = idleLimit
    }

    /// A child with the plugin loaded: one that waits, or a new one. Give it back with ``keep(_:for:)`` or end it.
    package func take(for kind: ResolvedKind) async throws(PluginFault) -> PluginChild {
        let key = Key(sha256: kind.plugin.sha256, kind: kind.kind.id)
        while let index = idle.lastIndex(where: { $0.key == key }) {
            let child = idle.remove(at: index).child
            if !child.isOver { return child }
        }
        return try await loader.load(kind.plugin, for: kind.kind).child
    }

    /// Lets a child that did its work well wait for more. The one that waited longest makes room.
    package func keep(_ child: PluginChild, for kind: ResolvedKind) {
        guard !isStopped else { return child.dismiss() }
        next += 1
        let number = next
        idle.append(Idle(key: Key(sha256: kind.plugin.sha256, kind: kind.kind.id), child: child, number: number))
        if idle.count > Self.mostIdle { idle.removeFirst().child.dismiss() }
        Task { [weak self, idleLimit] in
            try? await Task.sleep(for: idleLimit)
            await self?.expire(number)
        }
    }

    /// Ends the children that wait; those given back later end too.
    package func stop() {
        isStopped = true
        for entry in idle { entry.child.dismiss() }
        idle = []
    }

    private func expire(_ number: UInt64) {
        guard let index = idle.firstIndex(where: { $0.number == number }) else { return }
        idle.remove(at: index).child.dismiss()
    }
}
