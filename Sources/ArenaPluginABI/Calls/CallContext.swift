import ArenaCore
import CArenaPlugin
import Synchronization

/// The `arena_call` of one call into a plugin, and what the plugin said through it.
///
/// Lives at least as long as the call; every function of its table works from any thread.
package final class CallContext: @unchecked Sendable {
    // `raw` is written once, in init, and read by the plugin; what changes is behind `said`.
    private let raw: UnsafeMutablePointer<arena_call>
    private let observer: any CallObserver
    private let said = Mutex(Said())

    /// Attributes service calls; 0 for what belongs to no call, such as `init`.
    package let id: UInt64
    /// When the caller stops waiting: nanoseconds of CLOCK_MONOTONIC; 0: never.
    package let deadlineNanoseconds: UInt64

    /// What `fail` keeps of a message.
    static let messageLimit = 4 << 10
    /// What `log` keeps of a line.
    static let lineLimit = 16 << 10

    private struct Said {
        var failure: (status: StatusCode, message: String, detail: String)?
        /// What the host itself answered to sinks and services, the last by status: the plugin may pass it on.
        var refusals: [StatusCode: (message: String, detail: String)] = [:]
        var badText = false
    }

    package init(id: UInt64 = 0, deadlineNanoseconds: UInt64 = 0, observer: any CallObserver = SilentObserver()) {
        self.id = id
        self.deadlineNanoseconds = deadlineNanoseconds
        self.observer = observer
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_call())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_call>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.deadline_ns = deadlineNanoseconds
        raw.pointee.cancelled = { CallContext.of($0)?.isCancelled == true ? 1 : 0 }
        raw.pointee.fail = { call, status, message, detail in
            CallContext.of(call)?.fail(status, message, detail)
            return status
        }
        raw.pointee.progress = { CallContext.of($0)?.progress($1, $2, $3, $4) }
        raw.pointee.log = { CallContext.of($0)?.log($1, $2, $3) }
    }

    deinit { raw.deallocate() }

    /// The context behind a table that a plugin gives back; `nil` for NULL.
    static func of(_ call: UnsafePointer<arena_call>?) -> CallContext? {
        guard let context = call?.pointee.host_context else { return nil }
        return Unmanaged<CallContext>.fromOpaque(context).takeUnretainedValue()
    }

    /// Whether the caller has given up or its deadline has passed.
    package var isCancelled: Bool { observer.isCancelled || isPastDeadline }

    package var isPastDeadline: Bool { deadlineNanoseconds != 0 && monotonicNanoseconds() >= deadlineNanoseconds }

    /// Calls into the plugin, and turns its status into a failure with a reason.
    func perform(_ function: String, _ body: (UnsafePointer<arena_call>) -> arena_status) throws(CallFailure) {
        let status = withExtendedLifetime(self) { body(UnsafePointer(raw)) }
        if let failure = failure(status, of: function) { throw failure }
    }

    /// What a status means; `nil` for ARENA_OK.
    func failure(_ foreign: arena_status, of function: String) -> CallFailure? {
        guard foreign != ARENA_OK else { return nil }
        let status = StatusCode(foreign: foreign)
        return said.withLock { said in
            if let failure = said.failure {
                return CallFailure(status, failure.message, detail: failure.detail)
            }
            if let refusal = said.refusals[status] {
                return CallFailure(status, refusal.message, detail: refusal.detail)
            }
            if status == .cancelled, isCancelled { return CallFailure(.cancelled, "The call was cancelled.") }
            if status == .deadlineExceeded, isPastDeadline {
                return CallFailure(.deadlineExceeded, "The call's deadline has passed.")
            }
            return .fault("`\(function)` returned status \(foreign) without saying why.", status: status)
        }
    }

    /// Remembers what the host answered to a sink or a service during this call. Does not touch what the plugin said.
    func note(refusal status: StatusCode, _ message: String, detail: String = "") {
        said.withLock { $0.refusals[status] = (message, detail) }
    }

    private func fail(_ foreign: arena_status, _ message: arena_str, _ detail: arena_str) {
        let text = ForeignText.string(message, limit: Self.messageLimit)
        let json = ForeignText.json(detail, limit: Self.lineLimit)
        if text == nil || json == nil { complainOfText() }
        said.withLock {
            $0.failure = (
                StatusCode(foreign: foreign), text ?? "The plugin failed; its reason is not valid UTF-8.", json ?? ""
            )
        }
    }

    private func progress(_ done: UInt64, _ total: UInt64, _ phase: arena_str, _ fields: arena_str) {
        guard let phase = ForeignText.string(phase, limit: 256),
            let fields = ForeignText.json(fields, limit: Self.lineLimit)
        else { return complainOfText() }
        observer.progress(done: done, total: total, phase: phase, fields: fields)
    }

    private func log(_ level: Int32, _ message: arena_str, _ fields: arena_str) {
        guard let message = ForeignText.string(message, limit: Self.lineLimit),
            let fields = ForeignText.json(fields, limit: Self.lineLimit)
        else { return complainOfText() }
        observer.log(PluginLogLevel(foreign: level), message, fields: fields)
    }

    /// Says once a call that the plugin wrote text that is refused [STR-3].
    func complainOfText() {
        let first = said.withLock { said in
            defer { said.badText = true }
            return !said.badText
        }
        if first {
            observer.log(.warning, "The plugin wrote text that is not valid UTF-8; it was left out.", fields: "")
        }
    }
}
