import ArenaCore
import CArenaPlugin

/// One use of a service by a plugin: what stands behind the table, and the call that it belongs to.
struct ServiceScope {
    let services: any PluginServices
    let call: CallContext

    /// Runs a use and turns a failure into a status that the plugin may pass on. A use with no table or no call is
    /// refused [CALL-1].
    static func run(
        _ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<arena_call>?,
        _ body: (ServiceScope) throws(ServiceFailure) -> Void
    ) -> arena_status {
        guard let context, let call = CallContext.of(call) else { return ARENA_INVALID_ARGUMENT }
        let tables = Unmanaged<ServiceTables>.fromOpaque(context).takeUnretainedValue()
        do {
            try body(ServiceScope(services: tables.services, call: call))
            return ARENA_OK
        } catch {
            call.note(refusal: error.status, error.message, detail: error.detail)
            return error.status.rawValue
        }
    }

    func text(_ foreign: arena_str, _ name: String) throws(ServiceFailure) -> String {
        try ForeignArguments.text(foreign, name)
    }

    func bytes(_ foreign: arena_bytes, _ name: String) throws(ServiceFailure) -> [UInt8] {
        guard let bytes = ForeignText.bytes(foreign.ptr, foreign.len) else {
            throw ServiceFailure(.invalidArgument, "The argument `\(name)` has a length and no bytes.")
        }
        return Array(bytes)
    }

    /// Gives an answer to the plugin's own sink.
    func write(_ data: [UInt8], to sink: UnsafePointer<arena_sink>?) throws(ServiceFailure) {
        try ForeignArguments.write(data, to: sink)
    }

    /// Gives an event to the plugin's own struct, after its data, so that a refused sink leaves no half event.
    func deliver(
        _ event: ServiceEvent, to target: UnsafeMutablePointer<arena_completion>?, _ sink: UnsafePointer<arena_sink>?
    ) throws(ServiceFailure) {
        guard let target, target.pointee.struct_size >= ARENA_COMPLETION_MIN_SIZE else {
            throw ServiceFailure(.invalidArgument, "`next` was given no event to fill.")
        }
        try write(event.data, to: sink)
        target.pointee.kind = event.kind.rawValue
        target.pointee.tag = event.tag
        target.pointee.status = event.status.rawValue
    }

    /// The place for a number of an answer.
    func place<T>(_ pointer: UnsafeMutablePointer<T>?) throws(ServiceFailure) -> UnsafeMutablePointer<T> {
        try ForeignArguments.place(pointer)
    }
}
