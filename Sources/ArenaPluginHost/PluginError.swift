package import ArenaCore

/// What can go wrong between a file in a plugin directory and a plugin that runs.
///
/// The code decides the category. A message names the file or plugin; a hint says the cure.
package struct PluginError: ArenaError, Hashable {
    package var reason: PluginErrorCode
    package var message: String
    package var hint: String?

    package init(_ reason: PluginErrorCode, _ message: String, hint: String? = nil) {
        self.reason = reason
        self.message = message
        self.hint = hint
    }

    package var code: String { reason.rawValue }
    package var category: ErrorCategory { reason.category }
}

/// The stable codes of ``PluginError``.
package enum PluginErrorCode: String, CaseIterable, Sendable {
    /// No manifest where one is expected: a file that is no plugin.
    case manifestMissing = "plugin.manifest_missing"
    /// The manifest does not parse, or a member of it breaks a rule.
    case manifestInvalid = "plugin.manifest_invalid"
    /// Built for another major version of the ABI.
    case abiMismatch = "plugin.abi_mismatch"
    /// No library for this operating system and processor.
    case unsupportedPlatform = "plugin.unsupported_platform"
    /// The library is missing or is no shared library.
    case libraryInvalid = "plugin.library_invalid"
    /// Somebody else could change the files.
    case unsafePermissions = "plugin.unsafe_permissions"
    /// A symbolic link that leaves the plugin's folder.
    case unsafeLink = "plugin.unsafe_link"
    /// A FIFO, socket or device, or a name that cannot be shown.
    case unsafeFile = "plugin.unsafe_file"
    /// More bytes, files or levels than a plugin may have.
    case tooLarge = "plugin.too_large"
    /// Another plugin has the same id.
    case duplicateID = "plugin.duplicate_id"
    /// An `arena.` id outside the plugins that come with Arena.
    case reservedID = "plugin.reserved_id"
    /// The files changed while they were read.
    case changing = "plugin.changing"
    /// The files are not those that were examined or granted.
    case hashMismatch = "plugin.hash_mismatch"
    /// Nobody has granted this plugin what it asks for.
    case notGranted = "plugin.not_granted"
    /// Switched off by the user.
    case disabled = "plugin.disabled"
    /// `plugins.lock` cannot be understood.
    case lockInvalid = "plugin.lock_invalid"
    /// No such generation in the store.
    case notStored = "plugin.not_stored"
    /// The operating system refused to read a file.
    case unreadable = "plugin.unreadable"
    /// The operating system refused to write the store or the lock file.
    case storageFailed = "plugin.storage_failed"

    package var category: ErrorCategory {
        switch self {
        case .manifestInvalid, .libraryInvalid: .invalidArgument
        case .manifestMissing, .tooLarge, .disabled, .lockInvalid, .unreadable: .failedPrecondition
        case .abiMismatch, .unsupportedPlatform: .unsupported
        case .unsafePermissions, .unsafeLink, .unsafeFile, .reservedID, .notGranted: .permissionDenied
        case .duplicateID, .hashMismatch: .conflict
        case .changing: .unavailable
        case .notStored: .notFound
        case .storageFailed: .internalError
        }
    }
}
