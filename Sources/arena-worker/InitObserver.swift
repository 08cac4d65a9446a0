import ArenaPluginABI
import ArenaPluginWire

/// Hears what a plugin says in `init`, which belongs to no call of the host.
struct InitObserver: CallObserver {
    let connection: Connection

    var isCancelled: Bool { false }

    func progress(done: UInt64, total: UInt64, phase: String, fields: String) {}

    func log(_ level: PluginLogLevel, _ message: String, fields: String) {
        try? connection.send(.log(LogMessage(call: 0, level: level.rawValue, message: message, fields: fields)))
    }
}
