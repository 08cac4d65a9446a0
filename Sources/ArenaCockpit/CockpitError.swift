package import ArenaCore
import Glibc
import NIOCore

/// A request that the cockpit refuses, or a server that cannot start.
package struct CockpitError: ArenaError, Hashable {
    package let code: String
    package let category: ErrorCategory
    package let message: String
    package let hint: String?
    /// The HTTP status where it says more than the category's: 405, 408, 413, 415, 422, 431.
    package let status: Int

    init(_ code: String, _ category: ErrorCategory, _ message: String, hint: String? = nil, status: Int? = nil) {
        self.code = "cockpit.\(code)"
        self.category = category
        self.message = message
        self.hint = hint
        self.status = status ?? category.httpStatus
    }

    /// Another module's error with a status that says more.
    init(passing error: any ArenaError, status: Int) {
        code = error.code
        category = error.category
        message = error.message
        hint = error.hint
        self.status = status
    }

    /// Why the server cannot listen on an address.
    init(cannotListen error: IOError, host: String, port: Int) {
        let place = "\(host):\(port)"
        switch error.errnoCode {
        case EADDRINUSE:
            self.init("port_in_use", .conflict, "Another program listens on \(place).", hint: "Choose another --port.")
        case EACCES:
            self.init(
                "port_forbidden", .permissionDenied, "This user may not listen on \(place).",
                hint: "Choose a --port above 1023.")
        case EADDRNOTAVAIL:
            self.init(
                "address_unknown", .invalidArgument, "This machine has no address \(host).",
                hint: "Choose another --host.")
        default:
            self.init("cannot_listen", .unavailable, "Cannot listen on \(place): errno \(error.errnoCode).")
        }
    }
}

/// Who may talk to the cockpit.
extension CockpitError {
    static let unknownHost = Self(
        "unknown_host",
        .permissionDenied,
        "The Host header names no host that this server listens on.",
        hint: "Use the address that 'arena up' prints; behind a proxy set server.public_url."
    )
    static let foreignOrigin = Self(
        "foreign_origin",
        .permissionDenied,
        "The request comes from a web page of another origin.",
        hint: "Only the cockpit's own pages may change something; behind a proxy set server.public_url."
    )
    static let notJSON = Self(
        "not_json",
        .invalidArgument,
        "A request that changes something needs 'Content-Type: application/json'.",
        status: 415
    )
    static let tokenNeeded = Self(
        "token_needed",
        .unauthenticated,
        "This request needs a token.",
        hint:
            "In a browser open the link that 'arena up' printed; else send 'Authorization: Bearer' with the content of "
            + "the file operator-token in ARENA_HOME."
    )
    static let tokenWrong = Self(
        "token_wrong",
        .unauthenticated,
        "The token of this request is not valid here.",
        hint: "Read the file operator-token in the ARENA_HOME that this server was started with."
    )
    static let linkUsed = Self(
        "link_used",
        .unauthenticated,
        "This link was used before, or is of an earlier start of the server.",
        hint: "Restart 'arena up' for a new one."
    )
}

/// What a request may look like.
extension CockpitError {
    static let badTarget = Self("bad_target", .invalidArgument, "The request target is not a path.")
    static let noSuchRoute = Self(
        "no_such_route",
        .notFound,
        "There is no such route.",
        hint: "GET /openapi.json describes the routes."
    )
    static let tooManyConnections = Self(
        "too_many_connections",
        .unavailable,
        "The server has as many connections as it takes.",
        hint: "Try again in a second."
    )
    static let tooManyStreams = Self(
        "too_many_streams",
        .unavailable,
        "The server has as many event streams open as it takes.",
        hint: "Close other windows of the cockpit, then try again."
    )
    static let noPage = Self(
        "no_page",
        .notFound,
        "This server was installed without its page.",
        hint: "Start it in a whole checkout, or install Arena with share/arena."
    )
    static let headerTooLarge = Self("header_too_large", .invalidArgument, "The header is too large.", status: 431)
    static let malformedRequest = Self("malformed_request", .invalidArgument, "This is not a request of HTTP/1.1.")
    static let tooSlow = Self("too_slow", .deadlineExceeded, "The request took too long to arrive.", status: 408)

    static func bodyTooLarge(limit: ByteCount) -> Self {
        Self("body_too_large", .invalidArgument, "The body is larger than \(limit).", status: 413)
    }

    static func methodNotAllowed(_ allowed: [String]) -> Self {
        Self(
            "method_not_allowed",
            .invalidArgument,
            "This route takes \(allowed.joined(separator: ", ")).",
            status: 405
        )
    }

    static func unknownParameter(_ name: String, known: [String]) -> Self {
        let list = known.isEmpty ? "none" : known.joined(separator: ", ")
        return Self(
            "unknown_parameter",
            .invalidArgument,
            "There is no query parameter '\(name)' here.",
            hint: "Known are: \(list)."
        )
    }

    static func badParameter(_ name: String, _ rule: String) -> Self {
        Self("bad_parameter", .invalidArgument, "The query parameter '\(name)' must be \(rule).")
    }

    static func unknownField(_ name: String, known: [String]) -> Self {
        let list = known.isEmpty ? "none" : known.joined(separator: ", ")
        return Self(
            "unknown_field",
            .invalidArgument,
            "There is no field '\(name)' here.",
            hint: "Known are: \(list).",
            status: 422
        )
    }

    static func badField(_ name: String, _ rule: String) -> Self {
        Self("bad_field", .invalidArgument, "The field '\(name)' must be \(rule).", status: 422)
    }
}
