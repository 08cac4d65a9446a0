/// What a document may cost its reader. Duplicate keys are an error whatever the limits.
package struct JSONLimits: Hashable, Sendable {
    /// How deep arrays and objects may nest. Default 64; more than 100 counts as 100, which a stack of 512 KiB bears, also
    /// in a debug build.
    package var maxDepth: Int
    /// The largest document in bytes. Default 16 MiB.
    package var maxBytes: Int
    /// The longest text of one number in bytes. Default 1024, beyond what any `Double` needs.
    package var maxNumberBytes: Int

    package init(maxDepth: Int = 64, maxBytes: Int = 16 << 20, maxNumberBytes: Int = 1024) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
        self.maxNumberBytes = maxNumberBytes
    }
}
