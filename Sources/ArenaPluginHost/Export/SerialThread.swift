import ArenaPluginABI

/// A thread that does blocking work piece by piece, in the order in which it was given.
final class SerialThread: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let gate = Gate(State())

    /// `nil` when the system gives no thread.
    init?(_ name: String) {
        let gate = gate
        let error = PluginThread.start(name) {
            while true {
                let next: (@Sendable () -> Void)? =
                    gate.wait(
                        while: { $0.work.isEmpty && !$0.isClosed },
                        then: { $0.work.isEmpty ? nil : $0.work.removeFirst() }) ?? nil
                guard let next else { return }
                next()
            }
        }
        if error != 0 { return nil }
    }

    deinit { close() }

    /// Adds work. After ``close()`` it is dropped.
    func run(_ work: @escaping @Sendable () -> Void) {
        gate.update { if !$0.isClosed { $0.work.append(work) } }
    }

    /// Adds work and waits for it.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            run { continuation.resume(returning: work()) }
        }
    }

    /// Ends the thread once its work is done.
    func close() { gate.update { $0.isClosed = true } }
}
