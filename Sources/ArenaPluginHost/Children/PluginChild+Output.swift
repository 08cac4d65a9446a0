import Synchronization

extension PluginChild {
    /// The last lines that the child printed. What went through `arena_call.log` is not among them.
    package var printedLines: [String] { state.withLock { $0.tail.lines } }
}
