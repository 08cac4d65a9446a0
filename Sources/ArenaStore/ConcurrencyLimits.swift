/// How many jobs may be held at once, of all dispatchers together.
package struct ConcurrencyLimits: Sendable, Hashable {
    /// By full name; a kind that is not here has no limit.
    package var kinds: [String: Int]
    /// By id; a lane that is not here has no limit.
    package var lanes: [String: Int]
    /// Jobs that need the GPU.
    package var gpu: Int

    package init(kinds: [String: Int] = [:], lanes: [String: Int] = [:], gpu: Int = 1) {
        self.kinds = kinds
        self.lanes = lanes
        self.gpu = gpu
    }
}
