/// What a caller hears of a call while the plugin works, and how it gives the call up.
///
/// Every function is called from any thread, also from several at once.
package protocol CallObserver: Sendable {
    /// Whether the result is no longer wanted. Never goes back to `false` [CALL-4]. Read often: a few nanoseconds.
    var isCancelled: Bool { get }

    /// How far the work is: `done` of `total` units (0: unknown). `fields` is a JSON object as the plugin wrote it, or
    /// empty.
    func progress(done: UInt64, total: UInt64, phase: String, fields: String)

    /// A line for the log, at most 16 KiB. `fields` is a JSON object as the plugin wrote it, or empty.
    func log(_ level: PluginLogLevel, _ message: String, fields: String)
}

/// How much a line of a plugin's log matters, as `arena/call.h` numbers it.
package enum PluginLogLevel: UInt8, CaseIterable, Sendable {
    case debug = 0
    case info, warning, error

    /// A level that a plugin gave; what is outside of the table counts as the nearest.
    package init(foreign value: Int32) {
        self = PluginLogLevel(rawValue: UInt8(clamping: min(value, 3))) ?? .error
    }
}

/// Hears nothing and never gives up.
package struct SilentObserver: CallObserver {
    package init() {}
    package var isCancelled: Bool { false }
    package func progress(done: UInt64, total: UInt64, phase: String, fields: String) {}
    package func log(_ level: PluginLogLevel, _ message: String, fields: String) {}
}
