import ArenaCore
import Synchronization

/// Browsers of the operator: a one-time link makes a session, whose cookie stands for the operator's token.
///
/// Both live in memory only and end with the server.
final class BrowserSessions: Sendable {
    private let state = Mutex(State())
    /// The oldest is forgotten when there are more.
    private static let limit = 32

    private struct State {
        var codes: [Secret] = []
        var cookies: [Secret] = []
    }

    /// A code that ``redeem(_:)`` takes once.
    func newCode() -> String {
        let code = Identifier.random()
        state.withLock { $0.codes = ($0.codes + [Secret(code)]).suffix(Self.limit) }
        return code
    }

    /// The cookie value of a new session; `nil` for a code that is unknown or was used.
    func redeem(_ code: String) -> String? {
        state.withLock { state in
            guard let index = state.codes.firstIndex(where: { $0.matches(code) }) else { return nil }
            state.codes.remove(at: index)
            let cookie = Identifier.random()
            state.cookies = (state.cookies + [Secret(cookie)]).suffix(Self.limit)
            return cookie
        }
    }

    /// Whether a cookie value belongs to a session of this server.
    func isKnown(_ cookie: String) -> Bool {
        state.withLock { $0.cookies.contains { $0.matches(cookie) } }
    }
}
