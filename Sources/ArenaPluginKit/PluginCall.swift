package import ArenaJSON
package import CArenaPlugin

/// How important a line of the log is.
package enum LogLevel: Int32, Sendable {
    case debug = 0
    case info, warning, error
}

/// One call from the host: whether it is still wanted, and where progress and log lines go.
///
/// Valid until the plugin's function returns, and bound to the thread that it runs on.
package struct PluginCall {
    /// Owned by the host; valid for the call, as `arena/call.h` promises.
    let pointer: UnsafePointer<arena_call>

    package init(_ pointer: UnsafePointer<arena_call>) { self.pointer = pointer }

    /// Whether the caller has given up or the deadline has passed. Look at least every 100 ms [CALL-3].
    package var isCancelled: Bool { pointer.pointee.cancelled?(pointer) ?? 0 != 0 }

    /// Throws when the call is no longer wanted.
    package func checkCancellation() throws(PluginError) {
        if isCancelled { throw PluginError(.cancelled, code: "call.cancelled", "The call was cancelled.") }
    }

    /// Says how far the work is: `done` of `total` units, a word or two for the phase, and more members for programs.
    package func progress(_ done: Int, of total: Int, phase: String, fields: JSONObject = [:]) {
        let json = fields.isEmpty ? "" : JSONValue.object(fields).text(.compact)
        withText(phase) { phase in
            withText(json) {
                pointer.pointee.progress?(pointer, UInt64(max(0, done)), UInt64(max(0, total)), phase, $0)
            }
        }
    }

    /// Writes a line to the job's or the plugin's log.
    package func log(_ level: LogLevel, _ message: String, fields: JSONObject = [:]) {
        let json = fields.isEmpty ? "" : JSONValue.object(fields).text(.compact)
        withText(message) { message in
            withText(json) { pointer.pointee.log?(pointer, level.rawValue, message, $0) }
        }
    }

    /// Tells the host why the call fails, unless it knows; returns the status to return.
    func report(_ error: PluginError) -> arena_status {
        guard !error.isKnownToHost else { return error.status.rawValue }
        let status = error.status == .ok ? ARENA_INTERNAL : error.status.rawValue
        withText(error.message) { message in
            withText(error.detail.text(.compact)) { _ = pointer.pointee.fail?(pointer, status, message, $0) }
        }
        return status
    }

    /// Runs the body of a function of a table and turns what it throws into a status.
    static func run(
        _ pointer: UnsafePointer<arena_call>?, _ body: (PluginCall) throws(PluginError) -> arena_status
    ) -> arena_status {
        guard let pointer else { return ARENA_INVALID_ARGUMENT }
        let call = PluginCall(pointer)
        do throws(PluginError) {
            return try body(call)
        } catch {
            return call.report(error)
        }
    }
}
