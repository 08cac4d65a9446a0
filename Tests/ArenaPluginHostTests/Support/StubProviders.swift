import ArenaJSON
import ArenaPluginHost

/// A moment that one task waits for and another brings about, in either order. For one who waits.
struct Moment: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: Void.self) }

    func come() { continuation.finish() }

    /// Also ends when the task is cancelled.
    func wait() async { for await _ in stream {} }
}

/// Answers a request with itself; one with `wait` only once it is cancelled.
struct StubLanes: LaneAccess {
    private let cancelled = Moment()

    func perform(_ request: JSONValue, onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue {
        guard request["wait"]?.bool == true else { return request }
        do { try await Task.sleep(for: .seconds(20)) } catch {
            cancelled.come()
            throw error
        }
        return .null
    }

    func untilCancelled() async { await cancelled.wait() }
}

/// Remembers the keys of rows in the order in which they came; may hold the first until it is let go.
actor StubRows: JobRecording {
    private(set) var keys: [String] = []
    private let holdsFirst: Bool
    private let held = Moment()
    private let released = Moment()

    init(holdsFirst: Bool = false) { self.holdsFirst = holdsFirst }

    func put(recordType: String, key: String, json: String) async throws {
        let isFirst = keys.isEmpty
        keys.append(key)
        if isFirst, holdsFirst {
            held.come()
            await released.wait()
        } else {
            await Task.yield()
        }
    }

    func commit(checkpoint: [UInt8], expected: UInt64) async throws -> UInt64 { expected + 1 }

    nonisolated func untilHeld() async { await held.wait() }
    nonisolated func letGo() { released.come() }
}

/// Has every view, and nothing in it.
struct StubViews: RecordViews {
    func page(of view: String, parameters: JSONValue, cursor: String, limit: Int) async throws -> JSONValue {
        ["rows": [], "next": .null]
    }
}

/// Never finds a value: looks for it until it is cancelled, or longer than any test takes.
struct StubValues: PluginKeyValues {
    private let asked = Moment()
    private let cancelled = Moment()

    func untilAsked() async { await asked.wait() }
    func untilCancelled() async { await cancelled.wait() }

    func get(_ key: String) async throws -> [UInt8]? {
        asked.come()
        do { try await Task.sleep(for: .seconds(20)) } catch {
            cancelled.come()
            throw error
        }
        return nil
    }
    func put(_ key: String, _ value: [UInt8]) async throws {}
    func remove(_ key: String) async throws {}
    func keys(prefix: String, after: String) async throws -> [String] { [] }
}
