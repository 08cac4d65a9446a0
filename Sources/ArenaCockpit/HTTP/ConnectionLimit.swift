import Synchronization

/// Counts open connections, so that a flood of them is answered instead of suffered.
final class ConnectionLimit: Sendable {
    /// What is done with a new connection.
    enum Admission {
        case accept
        /// Its first request is answered 503.
        case refuse
        /// Too many wait for their 503 already.
        case drop
    }

    private let limit: Int
    private let open = Mutex(0)

    init(_ limit: Int) { self.limit = limit }

    /// Counts a connection, which must ``leave()`` when it closes, whatever the answer is.
    func enter() -> Admission {
        let count = open.withLock { count in
            count += 1
            return count
        }
        if count <= limit { return .accept }
        return count <= limit * 2 ? .refuse : .drop
    }

    func leave() { open.withLock { $0 -= 1 } }
}
