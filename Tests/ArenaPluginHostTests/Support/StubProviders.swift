import ArenaJSON
import ArenaPluginHost

/// A moment that one task waits for and another brings about, in either order.
actor Moment {
    private var hasCome = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func come() {
        hasCome = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func wait() async {
        if hasCome { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}

/// Answers a request with itself; one with `wait` only once it is cancelled.
struct StubLanes: LaneAccess {
    private let cancelled = Moment()

    func perform(_ request: JSONValue, onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue {
        guard request["wait"]?.bool == true else { return request }
        do { try await Task.sleep(for: .seconds(3600)) } catch {
            await cancelled.come()
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
            await held.come()
            await released.wait()
        } else {
            await Task.yield()
        }
    }

    func commit(checkpoint: [UInt8], expected: UInt64) async throws -> UInt64 { expected + 1 }

    func untilHeld() async { await held.wait() }
    func letGo() async { await released.come() }
}

/// Has every view, and nothing in it.
struct StubViews: RecordViews {
    func page(of view: String, parameters: JSONValue, cursor: String, limit: Int) async throws -> JSONValue {
        ["rows": [], "next": .null]
    }
}

/// Never finds a value: looks for it until it is cancelled.
struct StubValues: PluginKeyValues {
    private let asked = Moment()
    private let cancelled = Moment()

    func untilAsked() async { await asked.wait() }
    func untilCancelled() async { await cancelled.wait() }

    func get(_ key: String) async throws -> [UInt8]? {
        await asked.come()
        do { try await Task.sleep(for: .seconds(3600)) } catch {
            await cancelled.come()
            throw error
        }
        return nil
    }
    func put(_ key: String, _ value: [UInt8]) async throws {}
    func remove(_ key: String) async throws {}
    func keys(prefix: String, after: String) async throws -> [String] { [] }
}
