import ArenaCore
import ArenaJSON
import ArenaPluginWire

/// The requests that one plugin call has under way with one service, and the events that wait to be taken.
///
/// Each tag ends with exactly one DONE, whatever happens [LANES-2]. Ending the call cancels what is open.
actor CompletionQueue {
    typealias Work = @Sendable (_ onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue

    private var open: [UInt64: Task<Void, Never>] = [:]
    private var events: [CompletionEvent] = []
    private var waiter: (id: Int, resume: CheckedContinuation<CompletionEvent, Never>)?
    private var waits = 0
    private var isClosed = false
    static let mostOpen = 256
    /// Deltas beyond this are dropped oldest first; DONE never is.
    private static let mostEvents = 4096

    /// Starts the work of a tag.
    func submit(tag: UInt64, _ work: @escaping Work) throws(ServiceError) {
        guard open[tag] == nil, !events.contains(where: { $0.tag == tag && $0.kind == .done }) else {
            throw ServiceError(.alreadyExists, code: "service.tag_in_use", "Tag \(tag) is in use.")
        }
        guard open.count + events.count(where: { $0.kind == .done }) < Self.mostOpen else {
            throw ServiceError(
                .resourceExhausted, code: "service.too_many_requests",
                "\(Self.mostOpen) requests are open.", hint: "Take finished ones with next first.")
        }
        let deltas: @Sendable (JSONValue) -> Void = { [weak self] delta in
            let event = CompletionEvent(kind: .delta, tag: tag, data: delta.bytes())
            Task { [weak self] in await self?.push(event) }
        }
        open[tag] = Task { [weak self] in
            let event: CompletionEvent
            do {
                let answer = try await work(deltas)
                event = CompletionEvent(kind: .done, tag: tag, data: answer.bytes())
            } catch {
                let failure = ServiceError(error)
                event = CompletionEvent(
                    kind: .done, tag: tag, status: failure.status, data: failure.document.bytes())
            }
            await self?.finish(event)
        }
    }

    /// The next event; one of kind `none` when the timeout passes first.
    func next(within timeout: Duration) async -> CompletionEvent {
        if !events.isEmpty { return events.removeFirst() }
        if isClosed || waiter != nil { return CompletionEvent(kind: .none) }
        waits += 1
        let id = waits
        let alarm = Task { [weak self] in
            try? await Task.sleep(for: timeout)
            if !Task.isCancelled { await self?.expire(id) }
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { waiter = (id, $0) }
    }

    /// Cancels a tag's work; its DONE still comes.
    func abort(tag: UInt64) { open[tag]?.cancel() }

    /// Cancels everything: the call is over.
    func close() {
        isClosed = true
        for task in open.values { task.cancel() }
        open = [:]
        events = []
        if let waiter { waiter.resume.resume(returning: CompletionEvent(kind: .none)) }
        waiter = nil
    }

    private func expire(_ id: Int) {
        guard let waiter, waiter.id == id else { return }
        self.waiter = nil
        waiter.resume.resume(returning: CompletionEvent(kind: .none))
    }

    private func finish(_ event: CompletionEvent) {
        guard open.removeValue(forKey: event.tag) != nil else { return }
        push(event)
    }

    private func push(_ event: CompletionEvent) {
        if isClosed { return }
        if let waiter {
            self.waiter = nil
            return waiter.resume.resume(returning: event)
        }
        if event.kind == .delta, events.count >= Self.mostEvents,
            let oldest = events.firstIndex(where: { $0.kind == .delta })
        {
            events.remove(at: oldest)
        }
        events.append(event)
    }
}
