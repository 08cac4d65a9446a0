import ArenaJSON
import CArenaPlugin

/// What `arena.lanes/1` does: keeps requests and answers them, in any order, as it is told.
struct FakeLane {
    enum Reply {
        case answer(JSONValue)
        case failure(arena_status, String)
        /// Neither answer nor failure, until it is aborted.
        case silence
    }

    /// Answers a request.
    var reply: (JSONValue) -> Reply = { _ in .failure(ARENA_NOT_FOUND, "no reply is set") }
    var health: Reply = .answer(["ok": true])
    /// Whether the newest request is answered first.
    var answersNewestFirst = false
    private(set) var asked: [JSONValue] = []
    private(set) var mostOpen = 0
    private var open: [(tag: UInt64, request: JSONValue)] = []
    private var aborted: Set<UInt64> = []

    mutating func beginAttempt() {
        open = []
        aborted = []
    }

    mutating func submit(_ tag: UInt64, _ request: String) -> arena_status {
        guard let json = try? JSONValue(parsing: request) else { return ARENA_INVALID_ARGUMENT }
        if open.contains(where: { $0.tag == tag }) { return ARENA_ALREADY_EXISTS }
        open.append((tag, json))
        mostOpen = max(mostOpen, open.count)
        if json["op"]?.string == "chat" { asked.append(json) }
        return ARENA_OK
    }

    mutating func abort(_ tag: UInt64) { aborted.insert(tag) }

    /// The next event, its status and its data; `nil`: none is ready.
    mutating func next() -> (tag: UInt64, status: arena_status, data: JSONValue)? {
        let order = answersNewestFirst ? Array(open.indices.reversed()) : Array(open.indices)
        for index in order {
            let (tag, request) = open[index]
            let outcome: Reply
            if aborted.contains(tag) {
                outcome = .failure(ARENA_CANCELLED, "aborted")
            } else {
                outcome = request["op"]?.string == "health" ? health : reply(request)
            }
            switch outcome {
            case .silence: continue
            case .answer(let answer):
                open.remove(at: index)
                return (tag, ARENA_OK, answer)
            case .failure(let status, let message):
                open.remove(at: index)
                return (tag, status, ["code": "fake.failure", "message": .string(message)])
            }
        }
        return nil
    }
}

/// What `arena.scoring/1` does, with the scorers of the plugin `text`.
struct FakeScoring {
    private(set) var batches: [Int] = []
    private var done: [(tag: UInt64, status: arena_status, data: JSONValue)] = []
    /// The scorer is refused when a request is made, rather than when it ends.
    var refusesAtOnce = false

    mutating func beginAttempt() { done = [] }

    mutating func submit(
        _ tag: UInt64, _ scorer: String, _ config: String, count: Int, _ inputs: UnsafeRawPointer, _ stride: Int
    ) -> arena_status {
        let kind = scorer.hasPrefix("text/") ? String(scorer.dropFirst(5)) : scorer
        guard let instance = try? TextScorer(kind, config: config) else {
            done.append((tag, ARENA_NOT_FOUND, ["code": "scorer.unknown", "message": "no such scorer"]))
            return refusesAtOnce ? ARENA_NOT_FOUND : ARENA_OK
        }
        let items = (0..<count).map { index -> (String, [String], String) in
            let input = (inputs + index * stride).assumingMemoryBound(to: arena_score_input.self)
            let references = (0..<input.pointee.reference_count).map { arena_score_reference(input, $0).text }
            return (input.pointee.output.text, references, input.pointee.meta_json.text)
        }
        guard let judged = try? instance.judge(items) else { return ARENA_INTERNAL }
        batches.append(count)
        let scores = judged.map { score -> JSONValue in
            [
                "value": JSONValue(score.output.value), "pass": .bool(score.output.value == 1),
                "reason": .string(TextScorerTests.reasons[Int(score.output.reason)]),
                "explain": .string(score.explanation), "status": JSONValue(score.output.status),
                "skipped": .bool(score.output.flags & ARENA_SCORE_SKIPPED != 0),
            ]
        }
        let identity: JSONValue = ["id": .string(kind), "plugin": "text", "version": "1.0.0", "sha256": "abc"]
        done.append((tag, ARENA_OK, ["scorer": identity, "scores": .array(scores)]))
        return ARENA_OK
    }

    mutating func next() -> (tag: UInt64, status: arena_status, data: JSONValue)? {
        done.isEmpty ? nil : done.removeFirst()
    }
}
