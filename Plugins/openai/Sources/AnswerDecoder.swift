import ArenaEventStream
import ArenaJSON
import ArenaPluginKit

/// Reads the answer to a chat or completion: a stream of chunks or one document, as the server chose.
struct AnswerDecoder: LaneDecoder {
    private let model: String?
    private var form = Form.unknown
    private var progress = AnswerProgress()

    private enum Form {
        case unknown
        case stream(EventStreamParser)
        case document(DocumentBody)
        case failure(DocumentBody)
        /// Everything was said; what the server still sends means nothing.
        case over
    }

    init(model: String?) { self.model = model }

    mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError) {
        if case .unknown = form { form = Self.form(of: answer) }
        switch form {
        case .stream(var parser):
            form = .unknown
            let events: [StreamEvent]
            do throws(EventStreamError) { events = try parser.feed(answer.bytes) } catch {
                throw ServerFailure.badAnswer(error.message)
            }
            form = .stream(parser)
            for event in events where try take(event, findings) {
                form = .over
                return try finish(findings)
            }
            if answer.isLast {
                form = .over
                try finish(findings)
            }
        case .document(var body):
            form = .unknown
            try body.append(answer.bytes)
            form = .document(body)
            if answer.isLast { try take(body, findings) }
        case .failure(var body):
            form = .unknown
            body.appendWhatFits(answer.bytes)
            form = .failure(body)
            if answer.isLast { throw ServerFailure.error(answer, body: body.bytes, model: model) }
        case .unknown, .over: break
        }
    }

    private static func form(of answer: LaneAnswer) -> Form {
        guard (200..<300).contains(answer.status) else { return .failure(DocumentBody(limit: 64 << 10)) }
        let type = answer.header("content-type") ?? ""
        return type.lowercased().hasPrefix("text/event-stream")
            ? .stream(EventStreamParser()) : .document(DocumentBody(limit: 16 << 20))
    }

    /// Takes an event of the stream; `true`: it was the last.
    private mutating func take(_ event: StreamEvent, _ findings: Findings) throws(PluginError) -> Bool {
        if event.data.elementsEqual("[DONE]".utf8) { return true }
        let chunk: JSONValue
        do throws(JSONError) { chunk = try JSONValue(parsing: event.data) } catch {
            throw ServerFailure.badAnswer("a chunk that is no JSON (\(error.message))")
        }
        if let error = chunk["error"], !error.isNull { throw ServerFailure.inStream(chunk, model: model) }
        try progress.take(chunk, raw: event.data, findings)
        return false
    }

    private mutating func take(_ body: DocumentBody, _ findings: Findings) throws(PluginError) {
        form = .over
        let document = try body.json()
        if let error = document["error"], !error.isNull { throw ServerFailure.inStream(document, model: model) }
        guard document["choices"]?.array != nil else {
            throw ServerFailure.badAnswer("a document without `choices`")
        }
        try progress.take(document, raw: body.bytes, findings)
        try finish(findings)
    }

    /// An answer has ended well only if the server said how: a connection that just ends is a server that was lost.
    private func finish(_ findings: Findings) throws(PluginError) {
        guard let reason = progress.finishReason else { throw ServerFailure.cutOff() }
        try findings.end(ChatEnd(finishReason: reason, usage: progress.usage, meta: progress.meta))
    }
}

/// What the chunks of an answer have told so far.
struct AnswerProgress {
    private(set) var finishReason: String?
    private(set) var usage = JSONValue.null
    private var about: JSONObject = [:]

    /// `{"model", "id", "timings", …}`, as the server said.
    var meta: JSONValue { .object(about) }

    /// Takes a chunk of a stream, or a whole document, which has `message` where a chunk has `delta`.
    mutating func take(_ chunk: JSONValue, raw: [UInt8], _ findings: Findings) throws(PluginError) {
        for name in ["model", "id", "system_fingerprint", "timings"] {
            if let value = chunk[name], !value.isNull { about[name] = value }
        }
        // Usage comes with the last chunk, which has no choices; some servers send it with every one.
        if let usage = chunk["usage"], !usage.isNull { self.usage = usage }
        var raw = raw
        for choice in chunk["choices"]?.array ?? [] {
            let index = choice["index"]?.int ?? 0
            if index == 0, let reason = choice["finish_reason"]?.string { finishReason = reason }
            let part = choice["delta"] ?? choice["message"] ?? .null
            // A proxy that waits for its model talks meanwhile, in chunks that are of no model: no part of the answer.
            let isOfAModel = chunk["id"] != nil || chunk["object"] != nil || chunk["model"] != nil
            guard isOfAModel else { continue }
            for (channel, text) in Self.texts(choice, part) {
                try findings.delta(text, on: channel, choice: index, raw: raw)
                raw = []
            }
        }
        // A chunk without text is passed on too, for whoever wants the server's own words.
        if !raw.isEmpty { try findings.delta("", raw: raw) }
    }

    private static func texts(_ choice: JSONValue, _ part: JSONValue) -> [(ChatChannel, String)] {
        var texts: [(ChatChannel, String)] = []
        func add(_ channel: ChatChannel, _ value: JSONValue?) {
            if let text = value?.string, !text.isEmpty { texts.append((channel, text)) }
        }
        let reasoning = part["reasoning_content"]?.string == nil ? part["reasoning"] : part["reasoning_content"]
        add(.reasoning, reasoning)
        add(.content, part["content"] ?? choice["text"])
        add(.content, part["refusal"])
        if let calls = part["tool_calls"]?.array, !calls.isEmpty {
            texts.append((.tool, JSONValue.array(calls).text() + "\n"))
        }
        return texts
    }
}
