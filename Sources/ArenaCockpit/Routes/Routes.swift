import ArenaCore
import ArenaJSON
import Hummingbird

/// The table of everything the server offers. docs/HTTP.md says the same in prose.
extension RouteTable {
    init(options: CockpitOptions, backend: any CockpitBackend, sessions: BrowserSessions, cookie: SessionCookie) {
        routes =
            Self.health(backend, version: options.version) + Self.plugins(backend) + Self.jobs(backend) + [
                Route(.get, "/login", access: .open, "Takes the code of a one-time link and gives a session cookie.") {
                    let query = try $0.query(known: ["code"])
                    guard let value = sessions.redeem(query["code"] ?? "") else { throw CockpitError.linkUsed }
                    return Reply.seeOther("/", cookie: cookie.header(value: value))
                }
            ]
        let list = routes
        routes.append(
            Route(.get, "/", "This list of routes.") { request in
                _ = try request.query(known: [])
                return Reply.json([
                    "name": "arena",
                    "version": .string(options.version),
                    "routes": .array(
                        list.map { route in
                            [
                                "method": .string(route.method.rawValue),
                                "path": .string(route.path),
                                "access": .string(route.access.rawValue),
                                "summary": .string(route.summary),
                            ]
                        }
                    ),
                ])
            }
        )
    }

    private static func health(_ backend: any CockpitBackend, version: String) -> [Route] {
        [
            Route(.get, "/healthz", "Whether the server is alive.") { request in
                _ = try request.query(known: [])
                return Reply.json(["ok": true, "version": .string(version)])
            },
            Route(.get, "/readyz", "Whether Arena can take work; 503 with the reason when it cannot.") { request in
                _ = try request.query(known: [])
                if let reason = await backend.notReadyReason() { throw NotReady(reason: reason) }
                return Reply.json(["ok": true])
            },
        ]
    }
}

/// Not being ready is always 503, whatever the cause.
private struct NotReady: ArenaError {
    let reason: Failure
    var code: String { reason.code }
    var category: ErrorCategory { .unavailable }
    var message: String { reason.message }
    var hint: String? { reason.hint }
}
