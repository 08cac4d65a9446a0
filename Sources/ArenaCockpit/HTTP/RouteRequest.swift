import ArenaCore
import ArenaJSON
import HTTPTypes
import Hummingbird

/// What a route sees of a request that was let through.
struct RouteRequest: Sendable {
    /// The values of the names in braces of the route's path, percent-decoded.
    var parameters: [String: String] = [:]
    var query: [(name: String, value: String)] = []
    /// The body, whole; empty for a read.
    var body: [UInt8] = []
    /// The path as it was sent.
    var path = "/"
    var headers = HTTPFields()
    /// Whether the caller has proved to be the operator.
    var isOperator = false
    /// The request's own body, by which an event stream learns that its reader has left.
    var connection: RequestBody?

    /// A parameter of the path that can name something; any other text names nothing, so it is "not found".
    func name(_ parameter: String) throws(CockpitError) -> String {
        guard let value = parameters[parameter], Identifier.isName(value) else { throw .noSuchRoute }
        return value
    }

    /// The query's parameters, each at most once and none but the known ones.
    func query(known: [String]) throws(CockpitError) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in query {
            guard known.contains(name) else { throw .unknownParameter(name, known: known) }
            guard values.updateValue(value, forKey: name) == nil else { throw .badParameter(name, "given once") }
        }
        return values
    }

    /// The body as an object with none but the known fields; an empty body is an object without fields.
    ///
    /// - Throws: ``JSONError`` (400) for a body that is not JSON, ``CockpitError`` (422) for one that is not such an object.
    func object(known: [String]) throws -> JSONObject {
        guard !body.isEmpty else { return [:] }
        let value = try JSONValue(parsing: body)
        guard let object = value.object else {
            throw CockpitError("not_an_object", .invalidArgument, "The body must be a JSON object.", status: 422)
        }
        for key in object.keys where !known.contains(key) {
            throw CockpitError.unknownField(key, known: known)
        }
        return object
    }
}

extension JSONObject {
    /// A field that, when it is there, must be text of a length in this range; `null` counts as not there.
    func text(_ key: String, length: ClosedRange<Int>) throws(CockpitError) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = value.string, length.contains(text.unicodeScalars.count) else {
            let count =
                length.lowerBound == length.upperBound
                ? "\(length.lowerBound)" : "\(length.lowerBound) to \(length.upperBound)"
            throw .badField(key, "text of \(count) characters")
        }
        return text
    }

    /// A field that, when it is there, must be an integer in this range; `null` counts as not there.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(CockpitError) -> Int? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw .badField(key, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A field that, when it is there, must be `true` or `false`; `null` counts as not there.
    func boolean(_ key: String) throws(CockpitError) -> Bool? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let flag = value.bool else { throw .badField(key, "true or false") }
        return flag
    }

    /// A field that, when it is there, must be a time; `null` counts as not there.
    func time(_ key: String) throws(CockpitError) -> Timestamp? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let time = value.string.flatMap(Timestamp.init(rfc3339:)) else { throw .badField(key, timeRule) }
        return time
    }

    /// A field that, when it is there, must be a list of texts; `null` counts as not there.
    func texts(_ key: String) throws(CockpitError) -> [String]? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let list = value.array, let texts = list.map(\.string) as? [String] else {
            throw .badField(key, "a list of texts")
        }
        return texts
    }
}

/// What a time looks like.
private let timeRule = "a time as RFC 3339 writes it, such as 2026-11-21T09:05:07Z"

extension [String: String] {
    /// The parts of a query parameter between commas; none when it is not there.
    func list(_ name: String) -> [String] { self[name]?.split(separator: ",").map(String.init) ?? [] }

    /// A query parameter that, when it is there, must be a time.
    func time(_ name: String) throws(CockpitError) -> Timestamp? {
        guard let text = self[name] else { return nil }
        guard let time = Timestamp(rfc3339: text) else { throw .badParameter(name, timeRule) }
        return time
    }

    /// A query parameter that, when it is there, must be an integer in this range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CockpitError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badParameter(name, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
