import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaTestSupport
import Foundation
import Testing

/// A recorded answer of a server.
struct RecordedAnswer {
    let status: UInt32
    let headers: String
    let body: [UInt8]

    init(_ name: String) throws {
        let path = "\(CompiledPlugin.checkout)/Tests/Fixtures/lanes/\(name).http"
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let end = try #require(text.firstRange(of: "\n\n"))
        let lines = text[..<end.lowerBound].split(separator: "\n")
        status = UInt32(lines[0].split(separator: " ")[1]) ?? 0
        var members: JSONObject = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            members[parts[0].lowercased()] = .string(parts[1].trimmingCharacters(in: .whitespaces))
        }
        headers = JSONValue.object(members).text()
        body = Array(text[end.upperBound...].utf8)
    }
}

/// The codec of the plugin `openai`, as it was built, without any server.
struct OpenAIFixture {
    static let library = Result { try PluginLibrary(path: products + "/libarena-openai.so") }
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    let codec: LaneCodec

    init(config: JSONValue = [:]) throws {
        codec = try Self.library.get().laneCodec("openai").create(config: config.text(), in: CallContext())
    }

    func encode(_ operation: CodecOperation, _ request: JSONValue) throws -> JSONValue {
        try JSONValue(parsing: try codec.encode(operation, request: request.text(), in: CallContext()))
    }

    /// Feeds one answer in pieces, all of it.
    func decode(
        _ operation: CodecOperation, _ request: JSONValue = [:], _ answer: RecordedAnswer, cuts: [Int] = []
    ) throws -> [CodecFinding] {
        let decoder = try codec.decoder(operation, request: request.text(), in: CallContext())
        defer { decoder.destroy() }
        return try feed(decoder, answer, cuts: cuts)
    }

    func feed(_ decoder: CodecDecoder, _ answer: RecordedAnswer, cuts: [Int] = []) throws -> [CodecFinding] {
        var findings: [CodecFinding] = []
        var start = 0
        for end in cuts + [answer.body.count] {
            let bytes = Array(answer.body[start..<end])
            findings += try decoder.feed(
                status: answer.status, headers: answer.headers, bytes: bytes, isLast: false, in: CallContext())
            start = end
        }
        return try findings
            + decoder.feed(status: answer.status, headers: answer.headers, bytes: [], isLast: true, in: CallContext())
    }

    /// Follows an identification through the answers of a server, by path; what it has none for is not found.
    func identify(_ routes: [String: String]) throws -> (value: JSONValue?, paths: [String]) {
        var next = try encode(.identify, [:])
        let decoder = try codec.decoder(.identify, request: "{}", in: CallContext())
        defer { decoder.destroy() }
        var paths: [String] = []
        while paths.count < 16 {
            let path = next["path"]?.string ?? ""
            paths.append("\(next["method"]?.string ?? "") \(path)")
            for finding in try feed(decoder, try RecordedAnswer(routes[path] ?? "not-found")) {
                switch finding {
                case .value(let text): return (try JSONValue(parsing: text), paths)
                case .request(let text): next = try JSONValue(parsing: text)
                default: break
                }
            }
        }
        return (nil, paths)
    }
}

extension [CodecFinding] {
    func text(_ channel: ChatPiece.Channel) -> String {
        compactMap { if case .delta(let piece) = $0, piece.channel == channel { piece.text } else { nil } }.joined()
    }

    /// The server's chunks, verbatim.
    var raw: [String] {
        compactMap {
            if case .delta(let piece) = $0, !piece.raw.isEmpty {
                String(decoding: piece.raw, as: UTF8.self)
            } else {
                nil
            }
        }
    }

    var end: ChatCompletion? {
        guard case .end(let end)? = last else { return nil }
        return end
    }

    var value: JSONValue? {
        guard case .value(let text)? = last else { return nil }
        return try? JSONValue(parsing: text)
    }
}
