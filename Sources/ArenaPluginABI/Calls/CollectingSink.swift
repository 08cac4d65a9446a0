import ArenaCore
import CArenaPlugin
import Synchronization

/// An `arena_sink` that keeps what a plugin writes, up to a limit.
final class CollectingSink: @unchecked Sendable {
    // `raw` is written once, in init; what changes is behind `state`.
    private let raw: UnsafeMutablePointer<arena_sink>
    private let call: CallContext
    private let name: String
    private let limit: Int
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        var refused = false
    }

    /// - Parameters:
    ///   - name: What the output is, for messages: "result".
    ///   - limit: In bytes; what goes beyond is refused with ARENA_RESOURCE_EXHAUSTED [SINK-3].
    init(_ name: String, limit: Int, in call: CallContext) {
        self.name = name
        self.limit = limit
        self.call = call
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_sink())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INVALID_ARGUMENT }
            return Unmanaged<CollectingSink>.fromOpaque(context).takeUnretainedValue().write(data, count).rawValue
        }
    }

    deinit { raw.deallocate() }

    func with<R>(_ body: (UnsafePointer<arena_sink>) -> R) -> R {
        withExtendedLifetime(self) { body(UnsafePointer(raw)) }
    }

    /// What was written, after a call that succeeded.
    func bytes() throws(CallFailure) -> [UInt8] {
        let (bytes, refused) = state.withLock { ($0.bytes, $0.refused) }
        // [SINK-2] A plugin that goes on after a refusal has written something else than it believes.
        guard !refused else { throw .fault("The plugin succeeded although its \(name) was refused.") }
        return bytes
    }

    /// What was written, as text [STR-3].
    func text() throws(CallFailure) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw .fault("The plugin's \(name) is not valid UTF-8.")
        }
        return text
    }

    private func write(_ data: UnsafeRawPointer?, _ count: UInt64) -> StatusCode {
        guard let new = ForeignText.bytes(data, count) else {
            return refuse(.invalidArgument, "The plugin wrote \(count) bytes of its \(name) from nowhere.")
        }
        if call.isCancelled { return refuse(.cancelled, "The call was cancelled.") }
        let fits = state.withLock { state in
            guard new.count <= limit - state.bytes.count else { return false }
            state.bytes.append(contentsOf: new)
            return true
        }
        return fits ? .ok : refuse(.resourceExhausted, "The \(name) is longer than \(ByteCount(UInt64(limit))).")
    }

    private func refuse(_ status: StatusCode, _ message: String) -> StatusCode {
        state.withLock { $0.refused = true }
        call.note(refusal: status, message)
        return status
    }
}
