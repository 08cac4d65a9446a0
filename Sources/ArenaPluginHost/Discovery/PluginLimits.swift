package import ArenaCore

/// How much a plugin may consist of. More is refused before it is read.
package struct PluginLimits: Hashable, Sendable {
    /// One file: 512 MiB.
    package var largestFile: ByteCount
    /// All files together: 4 GiB.
    package var largestTotal: ByteCount
    /// Files, folders and links: 10,000.
    package var mostEntries: Int
    /// Folders within folders: 16.
    package var deepestFolder: Int
    /// One relative path: 1,024 bytes.
    package var longestPath: Int
    /// The manifest: 256 KiB.
    package var largestManifest: ByteCount

    package init(
        largestFile: ByteCount = .mebibytes(512),
        largestTotal: ByteCount = .gibibytes(4),
        mostEntries: Int = 10_000,
        deepestFolder: Int = 16,
        longestPath: Int = 1024,
        largestManifest: ByteCount = ByteCount(ElfManifest.largestManifest)
    ) {
        self.largestFile = largestFile
        self.largestTotal = largestTotal
        self.mostEntries = mostEntries
        self.deepestFolder = deepestFolder
        self.longestPath = longestPath
        self.largestManifest = largestManifest
    }
}
