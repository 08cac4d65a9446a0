import ArenaCore
import ArenaPluginABI

/// What a loaded rubric is made from: the plugin that runs, and the document that it reads.
package struct RubricSource: Hashable, Sendable {
    /// Of the rubric itself when it is compiled in, else of the reader of its document.
    package let runner: ResolvedKind
    /// Empty for a rubric that is compiled in.
    package let document: [UInt8]
    /// Tells one loaded rubric from another.
    let key: String

    /// More is refused before any plugin sees it: 256 KiB.
    package static let largestDocument = Int(RubricDocuments.largest)

    package init(runner: ResolvedKind, document: [UInt8]) {
        self.runner = runner
        self.document = document
        key = "\(runner.plugin.sha256) \(runner.kind.id) \(sha256(of: document))"
    }

    /// The bytes of a rubric's document, from the stored copy of its plugin. Blocks.
    package static func document(_ path: String, of plugin: ReadyPlugin) throws(PluginError) -> [UInt8] {
        let shown = "\(plugin.folder)/\(path)"
        return try reading(shown) { () throws(SystemFailure) in
            try FileDescriptor.directory(plugin.folder).open(descending: path).contents(limit: RubricDocuments.largest)
        }
    }
}
