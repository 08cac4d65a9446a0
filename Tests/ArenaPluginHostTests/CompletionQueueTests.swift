import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire
import Testing

/// The requests of one plugin call: each ends once, in whatever way.
@Suite(.timeLimit(.minutes(1)))
struct CompletionQueueTests {
    private let queue = CompletionQueue()
    /// Longer than anything here takes; a test that is wrong ends all the same.
    private static let long: Duration = .seconds(20)

    /// Work that ends only when it is cancelled.
    private static func forever() async throws -> JSONValue {
        try await Task.sleep(for: long)
        return "never"
    }

    private func code(_ event: CompletionEvent) -> String? {
        (try? JSONValue(parsing: event.data))?["code"]?.string
    }

    @Test func eachOfManyRequestsEndsWithOneDoneOfItsOwn() async throws {
        let count = UInt64(CompletionQueue.mostOpen)
        for tag in 0..<count {
            try await queue.submit(tag: tag) { _ in
                for _ in 0..<(tag &* 7 % 13) { await Task.yield() }
                return .string("answer \(tag)")
            }
        }
        var answers: [UInt64: [UInt8]] = [:]
        for _ in 0..<count {
            let event = await queue.next(within: Self.long)
            try #require(event.kind == .done && event.status == .ok)
            #expect(answers.updateValue(event.data, forKey: event.tag) == nil)
        }
        #expect(answers == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, Array("\"answer \($0)\"".utf8)) }))
        #expect(await queue.next(within: .zero).kind == .none)
    }

    @Test func deltasComeInOrderAndBeforeTheirDone() async throws {
        for tag in 1...4 as ClosedRange<UInt64> {
            try await queue.submit(tag: tag) { onDelta in
                for number in 0..<200 { onDelta(JSONValue(number)) }
                return "end"
            }
        }
        var heard: [UInt64: [String]] = [:]
        for _ in 0..<(4 * 201) {
            let event = await queue.next(within: Self.long)
            try #require(event.kind != .none)
            heard[event.tag, default: []].append(String(decoding: event.data, as: UTF8.self))
        }
        for tag in 1...4 as ClosedRange<UInt64> { #expect(heard[tag] == (0..<200).map(String.init) + ["\"end\""]) }
    }

    @Test func aDeltaAfterTheEndIsNotHeard() async throws {
        let (late, keep) = AsyncStream.makeStream(of: (@Sendable (JSONValue) -> Void).self)
        try await queue.submit(tag: 1) { onDelta in
            keep.yield(onDelta)
            return "end"
        }
        #expect(await queue.next(within: Self.long).kind == .done)
        for await onDelta in late {
            onDelta("late")
            break
        }
        #expect(await queue.next(within: .milliseconds(1)).kind == .none)
    }

    @Test func aFailureIsTheDoneOfItsTag() async throws {
        try await queue.submit(tag: 3) { _ in
            throw Failure(code: "lane.away", category: .unavailable, message: "Gone fishing.", hint: "Wait.")
        }
        let event = await queue.next(within: Self.long)
        #expect(event.kind == .done && event.tag == 3 && event.status == .unavailable)
        #expect(
            try JSONValue(parsing: event.data) == ["code": "lane.away", "message": "Gone fishing.", "hint": "Wait."])
    }

    @Test func anAbortedRequestEndsCancelledAndTheOthersGoOn() async throws {
        for tag in [7, 8] as [UInt64] { try await queue.submit(tag: tag) { _ in try await Self.forever() } }
        await queue.abort(tag: 7)
        let event = await queue.next(within: Self.long)
        #expect(event.kind == .done && event.tag == 7 && event.status == .cancelled)
        #expect(code(event) == "cancelled")
        #expect(await queue.next(within: .zero).kind == .none)
        await queue.abort(tag: 8)
        #expect(await queue.next(within: Self.long).tag == 8)
    }

    @Test func anAbortedRequestEndsCancelledEvenIfItsWorkMakesNothingOfIt() async throws {
        let (moments, go) = AsyncStream.makeStream(of: Void.self)
        try await queue.submit(tag: 1) { _ in
            // A task of its own does not hear of the cancellation.
            await Task { for await _ in moments { return } }.value
            return "done all the same"
        }
        await queue.abort(tag: 1)
        #expect(await queue.next(within: .zero).kind == .none, "a tag is free only once its work has ended")
        go.yield()
        let event = await queue.next(within: Self.long)
        #expect(event.kind == .done && event.status == .cancelled)
    }

    @Test func abortingWhatIsNotOpenDoesNothing() async throws {
        await queue.abort(tag: 99)
        #expect(await queue.next(within: .zero).kind == .none)
        try await queue.submit(tag: 99) { _ in "fine" }
        let event = await queue.next(within: Self.long)
        #expect(event.tag == 99 && event.status == .ok)
        await queue.abort(tag: 99)
        #expect(await queue.next(within: .zero).kind == .none)
    }

    @Test func aTagIsInUseUntilItsDoneIsTaken() async throws {
        try await queue.submit(tag: 5) { _ in "first" }
        let error = await #expect(throws: ServiceError.self) { try await queue.submit(tag: 5) { _ in "second" } }
        #expect(error?.status == .alreadyExists && error?.code == "service.tag_in_use")
        #expect(await queue.next(within: Self.long).data == Array("\"first\"".utf8))
        try await queue.submit(tag: 5) { _ in "second" }
        #expect(await queue.next(within: Self.long).data == Array("\"second\"".utf8))
    }

    @Test func tooManyOpenRequestsAreRefusedUntilOneIsTaken() async throws {
        let count = UInt64(CompletionQueue.mostOpen)
        for tag in 0..<count { try await queue.submit(tag: tag) { _ in "done" } }
        let error = await #expect(throws: ServiceError.self) { try await queue.submit(tag: count) { _ in "more" } }
        #expect(error?.status == .resourceExhausted && error?.code == "service.too_many_requests")
        #expect(error?.hint?.isEmpty == false)
        _ = await queue.next(within: Self.long)
        try await queue.submit(tag: count) { _ in "more" }
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)])
    func waitingForNothingEndsAtTheTimeout(_ timeout: Duration) async throws {
        #expect(await queue.next(within: timeout) == CompletionEvent(kind: .none))
        try await queue.submit(tag: 1) { _ in try await Self.forever() }
        #expect(await queue.next(within: timeout) == CompletionEvent(kind: .none))
        await queue.close()
    }

    @Test func theLongestTimeoutThatAPluginCanAskForWaits() async throws {
        async let event = queue.next(within: .nanoseconds(Int64.max))
        try await queue.submit(tag: 1) { _ in "here" }
        #expect(await event.tag == 1)
    }

    @Test func closingCancelsWhatIsOpenAndKeepsNothing() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: UInt64.self)
        for tag in 0..<20 as Range<UInt64> {
            try await queue.submit(tag: tag) { _ in
                defer { ended.yield(tag) }
                return try await Self.forever()
            }
        }
        async let waiting = queue.next(within: Self.long)
        await queue.close()
        #expect(await waiting.kind == .none)
        var left = Set(0..<20 as Range<UInt64>)
        for await tag in ends {
            left.remove(tag)
            if left.isEmpty { break }
        }
        #expect(await queue.next(within: Self.long) == CompletionEvent(kind: .none))
        let error = await #expect(throws: ServiceError.self) { try await queue.submit(tag: 1) { _ in "late" } }
        #expect(error?.status == .cancelled)
    }
}
