import Hummingbird
import NIOCore
import ServiceLifecycle

/// One reader of an event stream: waits for something to say and says it.
actor EventSession {
    private var feed: any EventFeed
    private let heartbeat: Duration
    private let slot: StreamSlots.Slot
    private let wakeups: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    /// `nil` before the first event.
    private var lastWrite: ContinuousClock.Instant?
    /// Changes within this time travel together.
    private static let gathering = Duration.milliseconds(40)

    init(_ feed: any EventFeed, heartbeat: Duration, slot: StreamSlots.Slot) {
        self.feed = feed
        self.heartbeat = heartbeat
        self.slot = slot
        (wakeups, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Wakes ``next()`` for changes and heartbeats, and ends it when the reader leaves or the server stops. Returns once
    /// the surrounding task is cancelled.
    nonisolated func watch(_ connection: RequestBody) async {
        let (feed, waker, heartbeat) = (await feed, waker, heartbeat)
        await withGracefulShutdownHandler {
            try? await connection.consumeWithInboundCloseHandler { _ in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await feed.follow { waker.yield() } }
                    group.addTask {
                        while (try? await Task.sleep(for: heartbeat)) != nil { waker.yield() }
                    }
                }
            } onInboundClosed: {
                waker.finish()
            }
        } onGracefulShutdown: {
            waker.finish()
        }
        waker.finish()
    }

    /// What to write next; waits for it. `nil` when the stream is over.
    func next() async throws -> ByteBuffer? {
        guard let lastWrite else { return bytes(of: try await read()) }
        // What gathers while this waits is read in one go.
        if ContinuousClock.now - lastWrite < Self.gathering { try await Task.sleep(for: Self.gathering) }
        while await isAwake() {
            let events = try await read()
            if !events.isEmpty { return bytes(of: events) }
            guard ContinuousClock.now - lastWrite >= heartbeat * 0.9 else { continue }
            self.lastWrite = .now
            return ByteBuffer(string: ": alive\n\n")
        }
        return nil
    }

    private func isAwake() async -> Bool {
        var iterator = wakeups.makeAsyncIterator()
        return await iterator.next(isolation: self) != nil
    }

    private func read() async throws -> [ServerEvent] {
        var reading = feed
        defer { feed = reading }
        return try await reading.next()
    }

    private func bytes(of events: [ServerEvent]) -> ByteBuffer {
        lastWrite = .now
        var buffer = ByteBuffer()
        for event in events { buffer.writeBytes(event.bytes) }
        return buffer
    }
}
