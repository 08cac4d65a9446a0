import ArenaPluginABI

/// The threads that calls run on: an idle one is used again, a new one is started when all are busy.
final class CallThreads: Sendable {
    typealias Work = @Sendable () -> Void

    private struct State {
        var queue: [Work] = []
        var threads = 0
        var idle = 0
    }

    private let state = Gate(State())
    /// More calls at once than any host makes.
    private let mostThreads = 256

    /// The number of threads that were started.
    var count: Int { state.withLock { $0.threads } }

    /// Runs work on a thread of its own. Returns `false` when there can be no further thread.
    func run(_ work: @escaping Work) -> Bool {
        let isTaken = state.updateForOne { state in
            guard state.idle > state.queue.count else { return false }
            state.queue.append(work)
            return true
        }
        if isTaken { return true }
        let mayStart = state.withLock { state in
            guard state.threads < mostThreads else { return false }
            state.threads += 1
            return true
        }
        guard mayStart else { return false }
        let error = PluginThread.start("arena-call") { [self] in
            work()
            serve()
        }
        if error != 0 { state.withLock { $0.threads -= 1 } }
        return error == 0
    }

    private func serve() {
        while true {
            state.withLock { $0.idle += 1 }
            let work = state.wait(while: { $0.queue.isEmpty }) { state in
                state.idle -= 1
                return state.queue.removeFirst()
            }
            work?()
        }
    }
}
