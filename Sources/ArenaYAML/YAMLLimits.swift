/// What a document may cost its reader. Duplicate keys are an error whatever the limits.
package struct YAMLLimits: Hashable, Sendable {
    /// How deep sequences and mappings may nest, aliases followed. Default 64; more than 100 counts as 100.
    package var maxDepth: Int
    /// The largest document in bytes. Default 4 MiB.
    package var maxBytes: Int
    /// How much all aliases together may add to the value: bytes of text, and one for each node. Default 1 MiB.
    package var maxAliasBytes: Int

    package init(maxDepth: Int = 64, maxBytes: Int = 4 << 20, maxAliasBytes: Int = 1 << 20) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
        self.maxAliasBytes = maxAliasBytes
    }
}
