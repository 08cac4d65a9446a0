import ArenaCore
package import ArenaJSON
package import ArenaPluginWire

/// The requests that one plugin call has under way with one service, and the events that wait to be taken.
///
/// Each tag ends with exactly one DONE, whatever happens [LANES-2], and its deltas come before it, in order. Ending the
/// call cancels what is open.
package actor CompletionQueue {
    package typealias Work = @Sendable (_ onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue

    private var open: [UInt64: Task<Void, Never>] = [:]
    /// Those of ``open`` that were given up.
    private var aborted: Set<UInt64> = []
    private var events: [CompletionEvent] = []
    private var waiter: (id: Int, resume: CheckedContinuation<CompletionEvent, Never>)?
    private var waits = 0
    private var isClosed = false
    package static let mostOpen = 256
    /// Deltas beyond this are dropped oldest first; DONE never is.
    private static let mostEvents = 4096

    package init() {}

    /// Starts the work of a tag.
    package func submit(tag: UInt64, _ work: @escaping Work) throws(ServiceError) {
        guard !isClosed else { throw .callEnded }
        guard open[tag] == nil, !events.contains(where: { $0.tag == tag && $0.kind == .done }) else {
            throw ServiceError(.alreadyExists, code: "service.tag_in_use", "Tag \(tag) is in use.")
        }
        guard open.count + events.count(where: { $0.kind == .done }) < Self.mostOpen else {
            throw ServiceError(
                .resourceExhausted, code: "service.too_many_requests",
                "\(Self.mostOpen) requests are open.", hint: "Take finished ones with next first.")
        }
        open[tag] = Task { [weak self] in
            let (deltas, feed) = AsyncStream.makeStream(
                of: JSONValue.self, bufferingPolicy: .bufferingNewest(Self.mostEvents))
            async let done = Self.perform(work, tag: tag, deltas: feed)
            for await delta in deltas {
                await self?.push(CompletionEvent(kind: .delta, tag: tag, data: delta.bytes()))
            }
            await self?.finish(await done)
        }
    }

    /// Does the work and gives its DONE; then no delta follows.
    private static func perform(
        _ work: Work, tag: UInt64, deltas: AsyncStream<JSONValue>.Continuation
    ) async -> CompletionEvent {
        defer { deltas.finish() }
        do {
            let answer = try await work { deltas.yield($0) }
            return CompletionEvent(kind: .done, tag: tag, data: answer.bytes())
        } catch {
            return failure(ServiceError(error), tag: tag)
        }
    }

    private static func failure(_ error: ServiceError, tag: UInt64) -> CompletionEvent {
        CompletionEvent(kind: .done, tag: tag, status: error.status, data: error.document.bytes())
    }

    /// The next event; one of kind `none` when the timeout passes first.
    package func next(within timeout: Duration) async -> CompletionEvent {
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

    /// Cancels a tag's work; its DONE still comes, with CANCELLED [LANES-3]. Nothing happens to a tag that is not open.
    package func abort(tag: UInt64) {
        guard let task = open[tag] else { return }
        aborted.insert(tag)
        task.cancel()
    }

    /// Cancels everything: the call is over.
    package func close() {
        isClosed = true
        for task in open.values { task.cancel() }
        open = [:]
        aborted = []
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
        // Work may not notice that it was given up, or call its end a fault.
        push(aborted.remove(event.tag) == nil ? event : Self.failure(ServiceError(CancellationError()), tag: event.tag))
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
