import ArenaCore
import CArenaPlugin
import Synchronization

/// A call as a check makes it: it may be cancelled or late, and sees whether a failure was explained.
final class BentCall: Sendable {
    private let conditions: Conditions
    private let startedAt = monotonicNanoseconds()
    private let state = Mutex(State())

    private struct State {
        var hasFailed = false
        /// What was said last of why.
        var failure: String?
        var refusals: [Refusal] = []
        var faults: [Fault] = []
    }

    /// What the plugin was told during the call, and has to return.
    private struct Refusal {
        let status: arena_status
        let by: String
        let rule: String
    }

    init(_ conditions: Conditions) { self.conditions = conditions }

    /// The table, in what is lent for this call.
    func table(in loan: Loan) -> UnsafePointer<arena_call> {
        var table = arena_call()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.deadline_ns = conditions.deadlineAfter.map { startedAt + $0 } ?? 0
        table.cancelled = { BentCall.of($0)?.isCancelled == true ? 1 : 0 }
        table.fail = { call, status, message, detail in
            BentCall.of(call)?.failed(message, detail)
            return status
        }
        table.progress = { call, _, _, phase, fields in BentCall.of(call)?.check([phase, fields], of: "progress") }
        table.log = { call, _, message, fields in BentCall.of(call)?.check([message, fields], of: "log") }
        return UnsafePointer(loan.structure(table))
    }

    /// When the caller stops waiting; `nil`: never.
    var endsAt: UInt64? {
        let ends = [conditions.cancelsAfter, conditions.deadlineAfter].compactMap { $0 }.min()
        return ends.map { startedAt + $0 }
    }

    var isCancelled: Bool { endsAt.map { monotonicNanoseconds() >= $0 } ?? false }

    /// A sink, or another function of the host's, has refused during this call: the plugin returns its status and need
    /// not say why.
    func note(refusal status: arena_status, by who: String = "a sink", rule: String = "SINK-2") {
        state.withLock { $0.refusals.append(Refusal(status: status, by: who, rule: rule)) }
    }

    func note(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }

    /// What is wrong with how `function` ended.
    func faults(_ status: arena_status, of function: String) -> [Fault] {
        let (state, now) = (self.state.withLock { $0 }, monotonicNanoseconds())
        var faults = state.faults
        if status < 0 || status > 16 {
            faults.append(Fault("ERR-3", "`\(function)` returned status \(status), which is none"))
        } else if status != ARENA_OK, !state.hasFailed, !state.refusals.contains(where: { $0.status == status }),
            !(isCancelled && [ARENA_CANCELLED, ARENA_DEADLINE_EXCEEDED].contains(status))
        {
            faults.append(Fault("ERR-2", "`\(function)` returned status \(status) without saying why through fail"))
        }
        if let refusal = state.refusals.first, status != refusal.status {
            faults.append(
                Fault(
                    refusal.rule,
                    "`\(function)` returned \(status) although \(refusal.by) had refused with \(refusal.status)"))
        }
        if let end = endsAt, now > end + 200_000_000 {
            let late = (now - end) / 1_000_000
            let what = conditions.cancelsAfter == nil ? "its deadline" : "it was cancelled"
            faults.append(
                Fault(
                    conditions.cancelsAfter == nil ? "CALL-2" : "CALL-3",
                    "`\(function)` went on for \(late) ms after \(what)"))
        }
        return faults
    }

    private static func of(_ call: UnsafePointer<arena_call>?) -> BentCall? {
        guard let context = call?.pointee.host_context else { return nil }
        return Unmanaged<BentCall>.fromOpaque(context).takeUnretainedValue()
    }

    /// What the plugin said of why it failed; `nil`: nothing.
    var failure: String? { state.withLock { $0.failure } }

    private func failed(_ message: arena_str, _ detail: arena_str) {
        state.withLock { state in
            state.hasFailed = true
            state.failure = Foreign.text(message)
        }
        check([message, detail], of: "fail")
        if message.len == 0 { note(Fault("ERR-2", "`fail` was called without a message")) }
    }

    private func check(_ texts: [arena_str], of function: String) {
        for text in texts where Foreign.text(text) == nil {
            note(Fault("STR-3", "the plugin gave `\(function)` a text that is not valid UTF-8"))
        }
    }
}

/// Reads what a plugin wrote.
enum Foreign {
    /// The text; `nil` when it is not valid UTF-8, or its pointer and length contradict each other.
    static func text(_ text: arena_str) -> String? {
        guard let bytes = bytes(text.ptr.map(UnsafeRawPointer.init), text.len) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    static func bytes(_ pointer: UnsafeRawPointer?, _ count: UInt64) -> [UInt8]? {
        guard count > 0 else { return [] }
        guard let pointer, count < 1 << 30 else { return nil }
        return Array(UnsafeRawBufferPointer(start: pointer, count: Int(count)))
    }

    /// Whether `part` stands anywhere in `text`.
    static func holds(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
