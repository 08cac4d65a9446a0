import ArenaCore
import ArenaJSON
import Hummingbird

/// The table of everything the server offers. docs/HTTP.md says the same in prose.
extension RouteTable {
    init(options: CockpitOptions, backend: any CockpitBackend, sessions: BrowserSessions, cookie: SessionCookie) {
        routes =
            Self.page(options.assets) + Self.health(backend, version: options.version) + Self.metrics(backend)
            + Self.streams(
                backend,
                EventStreamReply(slots: StreamSlots(options.limits.streams), heartbeat: options.limits.heartbeat))
            + Self.plugins(backend) + Self.lanes(backend) + Self.queue(backend) + Self.jobs(backend)
            + Self.schedules(backend) + Self.scoring(backend) + [
                Route(.get, "/api/session", "Who the caller is to this server.") { request in
                    _ = try request.query(known: [])
                    return Reply.json([
                        "operator": .bool(request.isOperator), "version": .string(options.version),
                    ])
                },
                Route(.get, "/login", access: .open, "Takes the code of a one-time link and gives a session cookie.") {
                    let query = try $0.query(known: ["code"])
                    guard let value = sessions.redeem(query["code"] ?? "") else { throw CockpitError.linkUsed }
                    return Reply.seeOther("arena/", cookie: cookie.header(value: value))
                },
            ]
    }

    private static func streams(_ backend: any CockpitBackend, _ reply: EventStreamReply) -> [Route] {
        [
            Route(.get, "/api/plugins/stream", isStream: true, "What becomes of plugins, as it happens.") { request in
                try await reply.response(to: request) { try await backend.pluginFeed(lastEventID: $0) }
            },
            Route(.get, "/api/jobs/stream", isStream: true, "What happens to jobs, as it happens.") { request in
                try await reply.response(to: request) { try await backend.jobFeed(lastEventID: $0) }
            },
        ]
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
