import CArenaPlugin
import Synchronization

/// The `arena_explain_sink` of one batch.
final class ExplainSink: @unchecked Sendable {
    // `raw` is written once, in init; what changes is behind `state`.
    private let raw: UnsafeMutablePointer<arena_explain_sink>
    private let call: CallContext
    private let count: Int
    private let state: Mutex<State>

    private struct State {
        var store: ExplanationStore
        /// Added to the index that the plugin gives: `score` always says 0.
        var base = 0
    }

    init(count: Int, in call: CallContext) {
        self.count = count
        self.call = call
        state = Mutex(State(store: ExplanationStore(count: count)))
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_explain_sink())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_explain_sink>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.explain = { sink, index, text in
            guard let context = sink?.pointee.host_context else { return }
            Unmanaged<ExplainSink>.fromOpaque(context).takeUnretainedValue().explain(index, text)
        }
    }

    deinit { raw.deallocate() }

    func with<R>(_ body: (UnsafePointer<arena_explain_sink>) -> R) -> R {
        withExtendedLifetime(self) { body(UnsafePointer(raw)) }
    }

    func setBase(_ base: Int) { state.withLock { $0.base = base } }

    var store: ExplanationStore { state.withLock { $0.store } }

    private func explain(_ index: UInt64, _ text: arena_str) {
        let valid = state.withLock { state in
            guard index < UInt64(count) else { return true }
            return state.store.add(text, item: Int(index) + state.base)
        }
        if !valid { call.complainOfText() }
    }
}
