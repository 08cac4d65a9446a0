import ArenaJSON
import ArenaPluginKit

/// What a server's failure means for who asked, and what cures it.
enum ServerFailure {
    static func badAnswer(_ what: String) -> PluginError {
        PluginError(
            .internalError, code: "lane.bad_answer", "The server answered with \(what).",
            hint: "Check that the address is that of an OpenAI-compatible server: `arena lane check` shows what it is.")
    }

    static func cutOff() -> PluginError {
        PluginError(
            .unavailable, code: "lane.cut_off", "The server ended its answer in the middle.",
            hint: "Its model was unloaded or its process ended: look at its log, then try again.")
    }

    /// An answer whose status is none of success.
    static func error(_ answer: LaneAnswer, body: [UInt8], model: String?) -> PluginError {
        let words = Words(body)
        if let known = byType(words, model) { return known }
        let said = words.message.isEmpty ? "status \(answer.status)" : "status \(answer.status): \(words.message)"
        switch answer.status {
        case 300..<400:
            return PluginError(
                .failedPrecondition, code: "lane.redirected", "The server redirects to another address (\(said)).",
                hint: "Name the final address as the lane's base_url.", retry: false)
        case 401, 403: return unauthorized(said)
        case 404:
            return PluginError(
                .unimplemented, code: "lane.no_such_route", "The server does not have this route (\(said)).",
                hint: "Check the lane's base_url: it is the part before /v1.", retry: false)
        case 429: return busy(said, answer)
        case 501:
            return PluginError(
                .unimplemented, code: "lane.unsupported", "The server does not do this (\(said)).",
                hint: "Start it with what the message names, or ask another lane.", retry: false)
        case 503: return busy(said, answer)
        case 502, 504:
            return PluginError(
                .unavailable, code: "lane.upstream_lost", "What stands behind the server does not answer (\(said)).",
                hint: "Look at the log of the server, then try again.")
        case 400..<500:
            return PluginError(
                .invalidArgument, code: "lane.bad_request", "The server refuses the request (\(said)).", retry: false)
        default:
            return PluginError(
                .internalError, code: "lane.server_error", "The server failed (\(said)).",
                hint: "Look at the log of the server.")
        }
    }

    /// An error that came in place of a chunk, after a status of success.
    static func inStream(_ document: JSONValue, model: String?) -> PluginError {
        let words = Words(document)
        return byType(words, model)
            ?? PluginError(
                .internalError, code: "lane.server_error", "The server failed in its answer: \(words.message)",
                hint: "Look at the log of the server.")
    }

    /// What the server's own words say more exactly than the status.
    private static func byType(_ words: Words, _ model: String?) -> PluginError? {
        let message = words.message.lowercased()
        if words.isAny(of: ["exceed_context_size_error", "context_length_exceeded"]) {
            return PluginError(
                .outOfRange, code: "lane.context_exceeded",
                "The request is longer than the model's context: \(words.message)",
                hint: "Shorten it, or give the model a larger context.", retry: false)
        }
        if words.isAny(of: ["authentication_error", "invalid_api_key"]) { return unauthorized(words.message) }
        let namesModel =
            words.isAny(of: ["model_not_found"]) || message.contains("no router for requested model")
            || message.contains("invalid model name")
            || (message.contains("model") && (message.contains("not found") || message.contains("does not exist")))
        if namesModel {
            let name = model.map { " \"\($0.prefix(200))\"" } ?? ""
            return PluginError(
                .notFound, code: "lane.model_unknown", "The server has no model\(name): \(words.message)",
                hint: "`arena lane check` lists the models that it has.", retry: false)
        }
        if message == "loading model" {
            return PluginError(
                .unavailable, code: "lane.loading", "The server is still loading its model.",
                hint: "Try again in a moment.")
        }
        return nil
    }

    private static func unauthorized(_ said: String) -> PluginError {
        PluginError(
            .unauthenticated, code: "lane.unauthorized", "The server does not let the lane in (\(said)).",
            hint: "Give the lane its key: headers: {Authorization: 'Bearer ${secret:NAME}'} in arena.yaml.",
            retry: false)
    }

    private static func busy(_ said: String, _ answer: LaneAnswer) -> PluginError {
        let wait = answer.header("retry-after").map { " It says to wait \($0.prefix(40)) seconds." } ?? ""
        return PluginError(
            .resourceExhausted, code: "lane.busy", "The server takes no more requests now (\(said)).\(wait)",
            hint: "Try again later, or ask fewer questions at once.")
    }
}

/// The words of an error in any of the forms that servers have for it.
private struct Words {
    private let type: String
    private let code: String
    /// One line of at most 300 characters.
    let message: String

    init(_ body: [UInt8]) {
        if let document = try? JSONValue(parsing: body) {
            self.init(document)
        } else {
            self.init(type: "", code: "", message: String(decoding: body.prefix(1200), as: UTF8.self))
        }
    }

    init(_ document: JSONValue) {
        let error = document["error"] ?? document
        self.init(
            type: error["type"]?.string ?? "", code: error["code"]?.string ?? "",
            message: error.string ?? error["message"]?.string ?? document["message"]?.string
                ?? document["detail"]?.string ?? "")
    }

    private init(type: String, code: String, message: String) {
        self.type = type
        self.code = code
        let line = message.split { $0.isNewline }.joined(separator: " ")
        self.message = line.count > 300 ? line.prefix(300) + "…" : line
    }

    func isAny(of names: [String]) -> Bool { names.contains(type) || names.contains(code) }
}
