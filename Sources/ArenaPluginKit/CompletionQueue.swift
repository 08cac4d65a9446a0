package import ArenaJSON
import CArenaPlugin

/// One event of a completion queue.
package enum Completion: Sendable {
    /// A part of an answer.
    case delta(tag: UInt64, JSONValue)
    /// The end of a request, with its answer.
    case done(tag: UInt64, JSONValue)
    /// The end of a request that failed, with the words of whoever failed.
    case failed(tag: UInt64, PluginError)
}

/// `arena.lanes/1`: asks models. One thread drives many requests: submit some, then take what is ready.
package struct LanesService {
    let call: PluginCall
    let table: UnsafePointer<arena_lanes_service>

    /// Starts a request; returns without waiting for the model. `tag` is the caller's, unique among open requests.
    /// `request`: `{"lane", "op": "health" | "models" | "chat", "request", "stream", "timeout_ms"}`.
    package func submit(_ tag: UInt64, _ request: JSONValue) throws(PluginError) {
        let status = withText(request.text(.compact)) { table.pointee.submit?(table, call.pointer, tag, $0) }
        try check(status, "arena.lanes/1 submit")
    }

    /// Waits at most `milliseconds` for an event of any open request; `nil`: there was none.
    package func next(within milliseconds: UInt64) throws(PluginError) -> Completion? {
        try nextCompletion("arena.lanes/1 next") { event, sink in
            table.pointee.next?(table, call.pointer, milliseconds * 1_000_000, event, sink)
        }
    }

    /// Gives a request up; its end still comes.
    package func abort(_ tag: UInt64) throws(PluginError) {
        try check(table.pointee.abort?(table, call.pointer, tag), "arena.lanes/1 abort")
    }
}

/// `arena.scoring/1`: has answers judged by any scorer that the host knows.
package struct ScoringService {
    let call: PluginCall
    let table: UnsafePointer<arena_scoring_service>

    /// Has `items` judged; at most 4,096 items and 8 MiB. The answer is `{"scorer", "scores": […]}` in their order.
    package func submit(
        _ tag: UInt64, scorer: String, config: JSONValue, _ items: [ScoreItem]
    ) throws(PluginError) {
        let status = withText(scorer) { scorer in
            withText(config.text(.compact)) { config in
                withScoreInputs(items) { inputs, stride in
                    table.pointee.submit?(
                        table, call.pointer, tag, scorer, config, UInt64(items.count), inputs, stride)
                }
            }
        }
        try check(status, "arena.scoring/1 submit")
    }

    /// Waits at most `milliseconds` for the end of any open request; `nil`: there was none.
    package func next(within milliseconds: UInt64) throws(PluginError) -> Completion? {
        try nextCompletion("arena.scoring/1 next") { event, sink in
            table.pointee.next?(table, call.pointer, milliseconds * 1_000_000, event, sink)
        }
    }

    /// Gives a request up; its end still comes.
    package func abort(_ tag: UInt64) throws(PluginError) {
        try check(table.pointee.abort?(table, call.pointer, tag), "arena.scoring/1 abort")
    }
}

private func nextCompletion(
    _ service: String,
    _ wait: (UnsafeMutablePointer<arena_completion>, UnsafePointer<arena_sink>) -> arena_status?
) throws(PluginError) -> Completion? {
    var event = arena_completion()
    event.struct_size = UInt32(MemoryLayout<arena_completion>.size)
    let (status, bytes) = collecting { wait(&event, $0) ?? ARENA_UNIMPLEMENTED }
    try check(status, service)
    switch event.kind {
    case ARENA_COMPLETION_DELTA:
        return .delta(tag: event.tag, try parsed(bytes, from: service))
    case ARENA_COMPLETION_DONE where event.status == ARENA_OK:
        return .done(tag: event.tag, try parsed(bytes, from: service))
    case ARENA_COMPLETION_DONE:
        return .failed(tag: event.tag, failure(event.status, try parsed(bytes, from: service)))
    default:
        return nil
    }
}

/// The words of a request that failed; the call as a whole goes on, so that the host is not told yet.
func failure(_ status: arena_status, _ words: JSONValue) -> PluginError {
    PluginError(
        PluginStatus(rawValue: status), code: words["code"]?.string ?? "request.failed",
        words["message"]?.string ?? "The request failed.", hint: words["hint"]?.string)
}

/// Lends items to C as an array of `arena_score_input`: one buffer holds all texts, one array all references.
private func withScoreInputs(
    _ items: [ScoreItem], _ body: (UnsafeRawPointer?, UInt64) -> arena_status?
) -> arena_status? {
    var texts: [UInt8] = []
    var lengths: [Int] = []
    func add(_ text: String) {
        let before = texts.count
        texts.append(contentsOf: text.utf8)
        lengths.append(texts.count - before)
    }
    for item in items {
        for text in [item.id, item.input, item.output, item.meta.text(.compact)] + item.references { add(text) }
    }
    return texts.withUnsafeBufferPointer { texts in
        texts.withMemoryRebound(to: CChar.self) { texts in
            // From here on nothing moves: the pointers below stay valid while `body` runs.
            var strings: [arena_str] = []
            var offset = 0
            for length in lengths {
                strings.append(arena_str(ptr: texts.baseAddress.map { $0 + offset }, len: UInt64(length)))
                offset += length
            }
            return strings.withUnsafeBufferPointer { strings in
                let inputs = scoreInputs(items, strings)
                return inputs.withUnsafeBufferPointer {
                    body(UnsafeRawPointer($0.baseAddress), UInt64(MemoryLayout<arena_score_input>.stride))
                }
            }
        }
    }
}

/// Four strings and the references of each item, in a row.
private func scoreInputs(_ items: [ScoreItem], _ strings: UnsafeBufferPointer<arena_str>) -> [arena_score_input] {
    var at = 0
    return items.map { item in
        var input = arena_score_input()
        input.struct_size = UInt32(MemoryLayout<arena_score_input>.size)
        input.item_id = strings[at]
        input.input = strings[at + 1]
        input.output = strings[at + 2]
        input.meta_json = strings[at + 3]
        input.references = strings.baseAddress.map { UnsafeRawPointer($0 + at + 4) }
        input.reference_count = UInt32(item.references.count)
        input.reference_stride = UInt32(MemoryLayout<arena_str>.stride)
        at += 4 + item.references.count
        return input
    }
}
