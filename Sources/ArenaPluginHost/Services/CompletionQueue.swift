import ArenaCore
package import ArenaJSON
package import ArenaPluginWire

/// The requests that one plugin call has under way with one service, and the events that wait to be taken.
///
/// Each tag ends with exactly one DONE, whatever happens [LANES-2], and its deltas come before it, in order. Ending the
/// call cancels what is open.
package actor CompletionQueue {
    /// Work whose answers are bytes. Its deltas are never dropped: each is taken before the next one is.
    package typealias ByteWork = @Sendable (_ push: @escaping @Sendable ([UInt8]) async -> Void) async throws -> [UInt8]
    package typealias Work = @Sendable (_ onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue

    private var open: [UInt64: Task<Void, Never>] = [:]
    /// Those of ``open`` that were given up.
    private var aborted: Set<UInt64> = []
    private var events: [CompletionEvent] = []
    private var waiter: (id: Int, resume: CheckedContinuation<CompletionEvent, Never>)?
    private var waits = 0
    private var isClosed = false
    /// Those who wait for room for a delta of a tag.
    private var pushers: [(tag: UInt64, resume: CheckedContinuation<Void, Never>)] = []
    private let mostOpen: Int
    package static let mostOpen = 256
    /// A tag of byte work may have so many deltas waiting.
    private static let mostByteDeltas = 16
    /// Deltas beyond this are dropped oldest first; DONE never is.
    private static let mostEvents = 4096

    /// - Parameter mostOpen: how many requests may be open at once.
    package init(mostOpen: Int = CompletionQueue.mostOpen) { self.mostOpen = mostOpen }

    /// Starts the work of a tag.
    package func submit(tag: UInt64, _ work: @escaping Work) throws(ServiceError) {
        try checkRoom(for: tag)
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

    /// Starts work whose answers are bytes.
    package func stream(tag: UInt64, _ work: @escaping ByteWork) throws(ServiceError) {
        try checkRoom(for: tag)
        open[tag] = Task { [weak self] in
            do {
                let answer = try await work { [weak self] in await self?.pushInTurn($0, of: tag) }
                await self?.finish(CompletionEvent(kind: .done, tag: tag, data: answer))
            } catch {
                await self?.finish(Self.failure(ServiceError(error), tag: tag))
            }
        }
    }

    private func checkRoom(for tag: UInt64) throws(ServiceError) {
        guard !isClosed else { throw .callEnded }
        guard open[tag] == nil, !events.contains(where: { $0.tag == tag && $0.kind == .done }) else {
            throw ServiceError(.alreadyExists, code: "service.tag_in_use", "Tag \(tag) is in use.")
        }
        guard open.count + events.count(where: { $0.kind == .done }) < mostOpen else {
            throw ServiceError(
                .resourceExhausted, code: "service.too_many_requests",
                "\(mostOpen) requests are open.", hint: "Take finished ones with next first.")
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
        if !events.isEmpty {
            let event = events.removeFirst()
            letPush(event.tag)
            return event
        }
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
        letPush(tag)
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
        for pusher in pushers { pusher.resume.resume() }
        pushers = []
    }

    /// Adds a delta; returns when there is room for the next one, or when nobody wants it any more.
    private func pushInTurn(_ data: [UInt8], of tag: UInt64) async {
        guard open[tag] != nil, !aborted.contains(tag) else { return }
        push(CompletionEvent(kind: .delta, tag: tag, data: data))
        guard events.count(where: { $0.tag == tag }) >= Self.mostByteDeltas else { return }
        await withCheckedContinuation { pushers.append((tag, $0)) }
    }

    private func letPush(_ tag: UInt64) {
        guard let index = pushers.firstIndex(where: { $0.tag == tag }) else { return }
        pushers.remove(at: index).resume.resume()
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
