import ArenaJSON
import ArenaPluginKit

/// The body of an answer that is read as a whole.
struct DocumentBody {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: in bytes.
    init(limit: Int) { self.limit = limit }

    mutating func append(_ piece: [UInt8]) throws(PluginError) {
        guard bytes.count + piece.count <= limit else {
            throw ServerFailure.badAnswer("a document of more than \(limit) bytes")
        }
        bytes += piece
    }

    mutating func appendWhatFits(_ piece: [UInt8]) { bytes += piece.prefix(limit - bytes.count) }

    func json() throws(PluginError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes, limits: JSONLimits(maxBytes: limit))
        } catch {
            throw ServerFailure.badAnswer("what is no JSON (\(error.message))")
        }
    }
}

/// Reads an answer that is one document and makes a value of it.
struct DocumentDecoder: LaneDecoder {
    private let model: String?
    private let read: (JSONValue) throws(PluginError) -> JSONValue
    private var body: DocumentBody

    init(model: String?, limit: Int, _ read: @escaping (JSONValue) throws(PluginError) -> JSONValue) {
        self.model = model
        self.read = read
        body = DocumentBody(limit: limit)
    }

    mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError) {
        try body.append(answer.bytes)
        guard answer.isLast else { return }
        guard (200..<300).contains(answer.status) else {
            throw ServerFailure.error(answer, body: body.bytes, model: model)
        }
        try findings.value(try read(body.json()))
    }
}

/// Whether the server is there, lets the lane in, and has a list of models: asked without causing any work.
struct HealthDecoder: LaneDecoder {
    private var body = DocumentBody(limit: 8 << 20)

    mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError) {
        body.appendWhatFits(answer.bytes)
        guard answer.isLast else { return }
        switch answer.status {
        // A server without a list of models can still answer.
        case 200..<300, 404, 405: try findings.value(["ok": true, "reason": ""])
        default:
            let error = ServerFailure.error(answer, body: body.bytes, model: nil)
            try findings.value([
                "ok": false, "reason": .string(error.message), "hint": error.hint.map(JSONValue.string) ?? .null,
            ])
        }
    }
}

/// `/v1/models`, whose servers say more than they must.
enum ModelList {
    static func read(_ body: JSONValue) throws(PluginError) -> JSONValue {
        guard let entries = body["data"]?.array ?? body["models"]?.array ?? body.array else {
            throw ServerFailure.badAnswer("a list of models without `data`")
        }
        return .array(entries.compactMap(model))
    }

    private static func model(_ entry: JSONValue) -> JSONValue? {
        guard let id = entry["id"]?.string ?? entry["name"]?.string else { return nil }
        var model: JSONObject = ["id": .string(id)]
        if let title = entry["name"]?.string, title != id, !title.isEmpty { model["title"] = .string(title) }
        let context = entry["meta"]?["n_ctx"] ?? entry["context_length"] ?? entry["max_model_len"]
        if let context = context?.int, context > 0 { model["context_length"] = JSONValue(context) }
        if let state = entry["status"]?["value"]?.string { model["state"] = .string(state) }
        return .object(model)
    }
}

enum Embeddings {
    static func read(_ body: JSONValue) throws(PluginError) -> JSONValue {
        guard let data = body["data"]?.array else { throw ServerFailure.badAnswer("embeddings without `data`") }
        var rows = [JSONValue?](repeating: nil, count: data.count)
        for (position, entry) in data.enumerated() {
            let index = entry["index"]?.int ?? position
            guard rows.indices.contains(index), rows[index] == nil, let row = entry["embedding"], row.array != nil
            else {
                throw ServerFailure.badAnswer("embeddings that are not one list of numbers for each text")
            }
            rows[index] = row
        }
        return [
            "model": body["model"] ?? .null, "embeddings": .array(rows.compactMap { $0 }),
            "usage": body["usage"] ?? .null,
        ]
    }
}

enum Reranking {
    /// The scores in the order of the documents; servers give them by rank.
    static func read(_ body: JSONValue, count: Int) throws(PluginError) -> JSONValue {
        guard let results = body["results"]?.array ?? body.array else {
            throw ServerFailure.badAnswer("a ranking without `results`")
        }
        var scores = [JSONValue?](repeating: nil, count: count)
        for result in results {
            guard let index = result["index"]?.int, scores.indices.contains(index), scores[index] == nil,
                let score = result["relevance_score"] ?? result["score"], score.double?.isFinite == true
            else { throw ServerFailure.badAnswer("a ranking that is not one number for each document") }
            scores[index] = score
        }
        let all = scores.compactMap { $0 }
        guard all.count == count else {
            throw ServerFailure.badAnswer("a ranking of \(all.count) of \(count) documents")
        }
        return ["model": body["model"] ?? .null, "scores": .array(all), "usage": body["usage"] ?? .null]
    }
}
