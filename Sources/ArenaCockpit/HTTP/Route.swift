import HTTPTypes
import Hummingbird

/// One thing the server can do.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// Such as `/api/plugins/{id}/trust`; a name in braces matches one segment.
    let path: String
    let access: AccessPolicy.Level
    /// Whether the response goes on until the reader leaves: refused to pages of other origins, as writes are.
    let isStream: Bool
    /// One sentence for the list of routes.
    let summary: String
    let respond: @Sendable (RouteRequest) async throws -> Response
    private let segments: [Segment]

    private enum Segment: Sendable {
        case literal(String)
        case parameter(String)
    }

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        access: AccessPolicy.Level = .local,
        isStream: Bool = false,
        _ summary: String,
        respond: @escaping @Sendable (RouteRequest) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.isStream = isStream
        self.summary = summary
        self.respond = respond
        segments = path.split(separator: "/").map {
            $0.hasPrefix("{") ? .parameter(String($0.dropFirst().dropLast())) : .literal(String($0))
        }
    }

    /// The values of the parameters when the path is one of this route; else `nil`.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, given) in zip(segments, path) {
            switch segment {
            case .literal(let text): if text != given { return nil }
            case .parameter(let name): parameters[name] = given
            }
        }
        return parameters
    }
}

/// The routes of the server, the first that matches winning.
struct RouteTable: Sendable {
    var routes: [Route]

    /// What a path and a method lead to.
    enum Match {
        case route(Route, parameters: [String: String])
        case otherMethods([String])
        case none
    }

    func find(_ method: HTTPRequest.Method, _ path: [String]) -> Match {
        // HEAD is GET without the body.
        let method = method == .head ? .get : method
        var others: [String] = []
        for route in routes {
            guard let parameters = route.match(path) else { continue }
            if route.method == method { return .route(route, parameters: parameters) }
            if !others.contains(route.method.rawValue) { others.append(route.method.rawValue) }
        }
        return others.isEmpty ? .none : .otherMethods(others)
    }
}
