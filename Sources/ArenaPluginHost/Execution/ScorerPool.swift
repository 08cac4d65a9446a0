import ArenaPluginABI

/// The instances of one scorer, each of which judges one batch at a time, and who waits for them.
struct ScorerPool {
    /// A small batch that is judged together with others.
    struct Request {
        let id: UInt64
        let kind: ResolvedKind
        let batch: ScoreBatch
    }

    static let mostInstances = 2

    private(set) var idle: [any ScorerInstance] = []
    private(set) var inUse = 0
    /// When it was last asked for, on CLOCK_MONOTONIC.
    var usedAt: UInt64 = 0
    /// Those who need an instance for themselves; they go first.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var requests: [Request] = []

    /// Whether a batch that comes now would have to wait.
    var isBusy: Bool { idle.isEmpty && inUse >= Self.mostInstances }

    var isQuiet: Bool { inUse == 0 && waiting.isEmpty && requests.isEmpty }

    enum CheckOut {
        case take(any ScorerInstance)
        case create
        case wait
    }

    mutating func checkOut() -> CheckOut {
        if let instance = idle.popLast() {
            inUse += 1
            return .take(instance)
        }
        guard inUse < Self.mostInstances else { return .wait }
        inUse += 1
        return .create
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { waiting.append(continuation) }

    /// Takes an instance back; `nil`: it is lost.
    ///
    /// - Returns: who goes on now, if one needs an instance for itself.
    mutating func checkIn(_ instance: (any ScorerInstance)?) -> CheckedContinuation<Void, Never>? {
        inUse -= 1
        if let instance { idle.append(instance) }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    mutating func add(_ request: Request) { requests.append(request) }

    mutating func remove(_ id: UInt64) { requests.removeAll { $0.id == id } }

    /// The requests that fit together into one batch, the oldest first; none while every instance is busy.
    mutating func takeRequests(upTo items: Int) -> [Request] {
        guard !isBusy else { return [] }
        var count = 0
        let fitting = requests.prefix { request in
            count += request.batch.count
            return count <= items
        }
        requests.removeFirst(fitting.count)
        return Array(fitting)
    }

    var hasRequests: Bool { !requests.isEmpty }

    /// Everything that has to be told that there is nothing more to wait for.
    mutating func close() -> (instances: [any ScorerInstance], waiting: [CheckedContinuation<Void, Never>], [Request]) {
        defer { (idle, waiting, requests) = ([], [], []) }
        return (idle, waiting, requests)
    }
}
