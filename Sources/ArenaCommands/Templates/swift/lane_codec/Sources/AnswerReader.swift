package import ArenaJSON
package import ArenaPluginKit

/// Reads one answer. It is collected, so that pieces of any size give the same [CODEC-4].
package struct AnswerReader: LaneDecoder {
    private let operation: LaneOperation
    private var body: [UInt8] = []
    /// In bytes. An answer is passed on once as text and once verbatim, which together stay below 8 MiB [CODEC-8].
    private static let largest = 2 << 20

    package init(_ operation: LaneOperation) { self.operation = operation }

    package mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError) {
        body += answer.bytes
        guard body.count <= Self.largest else { throw Self.badAnswer("The answer has more than 2 MiB.") }
        guard answer.isLast else { return }
        let isWell = (200..<300).contains(answer.status)
        if operation == .health {
            let reason = isWell ? "" : "The server answered with status \(answer.status)."
            return try findings.value(["ok": .bool(isWell), "reason": .string(reason)])
        }
        guard isWell else { throw Self.failure(answer.status, String(decoding: body.prefix(200), as: UTF8.self)) }
        guard let document = try? JSONValue(parsing: body) else { throw Self.badAnswer("The answer is not JSON.") }
        switch operation {
        case .chat:
            let (text, end) = try Self.chat(document)
            try findings.delta(text, raw: body)
            try findings.end(end)
        case .identify:
            let title = "A server with /v1/chat/completions"
            try findings.value(["server": "{{id}}", "title": .string(title), "models": try Self.models(document)])
        default: try findings.value(try Self.models(document))
        }
    }

    package static func chat(_ document: JSONValue) throws(PluginError) -> (text: String, end: ChatEnd) {
        guard let choice = document["choices"]?.array?.first, let reason = choice["finish_reason"]?.string else {
            throw badAnswer("The answer has no choice that has ended.")
        }
        var meta = JSONObject()
        if let model = document["model"]?.string { meta["model"] = .string(model) }
        let end = ChatEnd(finishReason: reason, usage: document["usage"] ?? .null, meta: .object(meta))
        return (choice["message"]?["content"]?.string ?? "", end)
    }

    package static func models(_ document: JSONValue) throws(PluginError) -> JSONValue {
        guard let data = document["data"]?.array else { throw badAnswer("The list of models has no `data`.") }
        return .array(data.compactMap { model in model["id"]?.string.map { ["id": .string($0)] } })
    }

    /// The server's failure is the failure of the call [CODEC-7], with its own words.
    package static func failure(_ status: Int, _ words: String) -> PluginError {
        let meaning: PluginStatus =
            switch status {
            case 401, 403: .unauthenticated
            case 404: .notFound
            case 429: .resourceExhausted
            case 400..<500: .invalidArgument
            default: .unavailable
            }
        return PluginError(
            meaning, code: "lane.server_error", "The server answered with status \(status): \(words)",
            hint: "Look at the log of the server.")
    }

    private static func badAnswer(_ message: String) -> PluginError {
        PluginError(
            .internalError, code: "lane.bad_answer", message,
            hint: "Check that the lane's base_url is the address of such a server.")
    }
}
