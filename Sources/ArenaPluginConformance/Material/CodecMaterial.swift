import ArenaJSON
import ArenaPluginHost
import Foundation

/// What a lane codec is made to write and read: requests of every operation, those that are meant ill, and answers of
/// servers, the plugin's own recordings where its folder has some.
struct CodecMaterial {
    let subject: ExaminedPlugin

    /// The operations of `arena/lane_codec.h` by their numbers.
    private static let operations = [
        "identify", "chat", "complete", "embed", "rerank", "models", "health", "load", "unload",
    ]

    var json: JSONValue {
        let own = recordings
        return [
            "requests": .array(
                Self.requests.map { ["operation": JSONValue($0), "request": .string($1.text())] }),
            "hostile": .array(Self.hostile.map(JSONValue.string)), "recordings": .array(own.isEmpty ? Self.plain : own),
        ]
    }

    /// Each with a member that no dialect has.
    private static let requests: [(Int, JSONValue)] = [
        (0, [:]),
        (
            1,
            [
                "model": "any", "messages": [["role": "user", "content": "Say one wörd."]], "max_tokens": 8,
                "arena_check_unknown": true,
            ]
        ),
        (2, ["model": "any", "prompt": "Once upon", "max_tokens": 8, "arena_check_unknown": true]),
        (3, ["model": "any", "input": ["one", ""]]),
        (4, ["model": "any", "query": "which?", "documents": ["one", ""]]), (5, [:]), (6, [:]),
        (7, ["model": "any"]), (8, ["model": "any"]),
    ]

    private static func request(_ operation: Int) -> String {
        requests.first { $0.0 == operation }?.1.text() ?? "{}"
    }

    /// JSON that no host writes, and words that would be more than they seem in a path or a header.
    private static let hostile: [String] = {
        let words = [
            "../../admin", "a/../../b?x=1#y", "//other.example", "x\r\nAuthorization: Bearer y", "nul\0inside",
            "é\u{202E}\u{10FFFF}",
        ]
        let named = words.flatMap { word -> [JSONValue] in
            [
                [
                    "model": .string(word), "messages": [["role": .string(word), "content": .string(word)]],
                    "prompt": .string(word), "input": [.string(word)], "query": .string(word),
                    "documents": [.string(word)],
                ]
            ]
        }
        let shapes: [JSONValue] = [
            .null, [], [:], "", 7, ["messages": 3], ["messages": [.null]], ["messages": []],
            ["messages": [["content": [["type": "image_url"]]]]], ["input": [], "documents": [], "query": .null],
            ["model": .null, "stream": "yes", "max_tokens": -1, "messages": [[:]]],
        ]
        let long: JSONValue = [
            "model": "any",
            "messages": [["role": "user", "content": .string(String(repeating: "long ", count: 20_000))]],
        ]
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        return (shapes + named + [long]).map { $0.text() }
            + ["", "{", "{\"model\":\"\\ud800\"}", "{\"messages\":\(deep)}", "{\"max_tokens\":1e999,\"messages\":[]}"]
    }()

    // MARK: Answers

    /// Files `recordings/OPERATION-NAME.http`: a status line, headers, an empty line and the body as it was sent.
    private var recordings: [JSONValue] {
        let folder = subject.plugin.folder + "/recordings"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".http") }.prefix(24).compactMap { name in
            let operation = name.prefix { $0 != "-" && $0 != "." }
            guard let number = Self.operations.firstIndex(of: String(operation)),
                let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"), bytes.count <= 64 << 10
            else { return nil }
            return Self.recording(name, number, [UInt8](bytes))
        }
    }

    private static func recording(_ name: String, _ operation: Int, _ bytes: [UInt8]) -> JSONValue? {
        let lineFeed = UInt8(ascii: "\n")
        var headers = JSONObject()
        var status: Int?
        var start = 0
        while let end = bytes[start...].firstIndex(of: lineFeed) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines)
            start = end + 1
            if line.isEmpty { break }
            if status == nil {
                status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            } else if let colon = line.firstIndex(of: ":") {
                headers[line[..<colon].lowercased()] = .string(
                    line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
            }
        }
        guard let status else { return nil }
        return answer(name, operation, status, .object(headers), Array(bytes[start...]))
    }

    private static func answer(
        _ name: String, _ operation: Int, _ status: Int, _ headers: JSONValue, _ body: [UInt8]
    ) -> JSONValue {
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = body.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return [
            "name": .string(name), "operation": JSONValue(operation), "request": .string(request(operation)),
            "status": JSONValue(status), "headers": .string(headers.text()),
            "body": .string(String(decoding: hexadecimal, as: UTF8.self)),
        ]
    }

    /// For a codec whose plugin has no recordings: short answers in forms that many servers share, of no server's own.
    private static let plain: [JSONValue] = {
        func made(_ name: String, _ operation: Int, _ type: String, _ body: String, status: Int = 200) -> JSONValue {
            answer(name, operation, status, ["content-type": .string(type)], Array(body.utf8))
        }
        func chunk(_ delta: String, _ rest: String = #""finish_reason":null"#) -> String {
            #"data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":"#
                + "{\(delta)},\(rest)}]}\n\n"
        }
        let begun = chunk(#""reasoning_content":"hm""#) + ": a comment\r\n\r\n" + chunk(#""content":"Grüß 👋""#)
        let ended = chunk("", #""finish_reason":"stop""#) + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n"
        let events = "text/event-stream"
        let json = "application/json"
        return [
            made("a stream of events", 1, events, begun + ended + "data: [DONE]\n\n"),
            made("a stream that ends early", 1, events, begun),
            made("an error in a stream", 1, events, begun + "data: {\"error\":{\"message\":\"It broke.\"}}\n\n"),
            made(
                "a document", 1, json,
                #"{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Grüß 👋"},"#
                    + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#),
            made(
                "lines of JSON", 1, "application/x-ndjson",
                "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Grüß\"},\"done\":false}\n"
                    + "{\"model\":\"m\",\"message\":{\"content\":\" 👋\"},\"done\":true,\"done_reason\":\"stop\"}\n"),
            made("plain text", 1, "text/plain; charset=utf-8", "Grüß 👋\r\n"),
            made("a refusal", 1, json, #"{"error":{"message":"No such model.","type":"not_found"}}"#, status: 404),
            made(
                "a completion", 2, json,
                #"{"model":"m","choices":[{"index":0,"text":" a time","finish_reason":"length"}]}"#),
            made(
                "embeddings", 3, json,
                #"{"model":"m","data":[{"index":1,"embedding":[0.5,1]},{"index":0,"embedding":[1,2]}]}"#),
            made(
                "a ranking", 4, json,
                #"{"model":"m","results":[{"index":1,"relevance_score":0.5},{"index":0,"relevance_score":-1}]}"#),
            made("a list of models", 5, json, #"{"object":"list","data":[{"id":"m","object":"model"}]}"#),
            made("a sign of life", 6, json, #"{"status":"ok"}"#),
        ]
    }()
}
