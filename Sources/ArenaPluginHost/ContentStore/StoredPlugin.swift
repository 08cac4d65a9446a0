/// A generation in the store, checked and held: while a copy of this value lives, in any process, nothing prunes it.
package struct StoredPlugin: Sendable {
    /// The identity, and the name of the folder.
    package let hash: String
    /// The folder that libraries are loaded from; read-only.
    package let path: String
    package let content: PluginContent
    private let hold: GenerationHold

    init(hash: String, path: String, content: PluginContent, hold: GenerationHold) {
        self.hash = hash
        self.path = path
        self.content = content
        self.hold = hold
    }

    /// The path of the library that a manifest names; `nil` for a plugin without native code.
    package func libraryPath(_ manifest: PluginManifest) -> String? {
        manifest.library.map { "\(path)/\($0)" }
    }
}

/// Keeps a generation from being pruned: a shared lock on its folder, which ends with the value or the process.
final class GenerationHold: Sendable {
    private let lock: FileLock

    init(_ lock: consuming FileLock) { self.lock = lock }
}

/// One line of the list of what is stored.
package struct StoredGeneration: Hashable, Sendable {
    package var hash: String
    /// Of the plugin as it was stored; `nil` when the note beside the folder is missing.
    package var id: String?
    package var version: String?
    /// RFC 3339, UTC.
    package var storedAt: String?
    /// Whether a process holds it now.
    package var isInUse: Bool
}
