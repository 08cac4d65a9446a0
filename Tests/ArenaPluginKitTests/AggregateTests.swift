import ArenaJSON
import ArenaPluginKit
import CArenaPlugin
import Testing

/// The length of the longest answer that passed.
struct Longest: AggregatePlugin {
    private var length = 0
    private var count = 0

    init(config: JSONValue) throws(PluginError) {}

    mutating func add(_ item: ScoreItem, _ score: Score) throws(PluginError) {
        guard item.output != "bad" else { throw PluginError(.dataLoss, code: "longest.bad", "It is bad.") }
        guard score.status == .ok, !score.isSkipped, score.pass ?? (score.value >= 0.5) else { return }
        count += 1
        length = max(length, item.output.utf8.count)
    }

    func finish() -> JSONValue { ["value": JSONValue(length), "n": JSONValue(count)] }
}

struct AggregateTests {
    /// An item's answer and its score, as a later host might lay them out: longer structs, with anything behind.
    private struct Input {
        var input = arena_score_input()
        var later: (UInt64, UInt64) = (.max, .max)
    }
    private struct Output {
        var score = arena_score_output()
        var later = UInt64.max
    }

    private let call = RecordingCall()
    private let items: [(output: String, value: Double, flags: UInt32, status: arena_status)] = [
        ("four", 1, 0, ARENA_OK), ("eleven", 0.2, 0, ARENA_OK), ("a dozen", 1, ARENA_SCORE_SKIPPED, ARENA_OK),
        ("thirteen", 1, 0, ARENA_INVALID_ARGUMENT), ("twenty", 1, ARENA_SCORE_PASS_KNOWN, ARENA_OK),
        ("seven", 0, ARENA_SCORE_PASS_KNOWN | ARENA_SCORE_PASS, ARENA_OK),
    ]

    private func withRun<R>(
        _ body: (arena_scorer_aggregate_v1, UnsafeMutableRawPointer?) throws -> R
    ) throws -> R {
        let aggregate = try #require(table(ARENA_SCORER_AGGREGATE_1, "longest", as: arena_scorer_aggregate_v1.self))
        var run: UnsafeMutableRawPointer?
        #expect(lend("{}") { config in call.lend { aggregate.pointee.open($0, config, &run) } } == ARENA_OK)
        defer { aggregate.pointee.close(run) }
        return try body(aggregate.pointee, run)
    }

    /// Adds the items of a range in one call.
    private func add(
        _ range: Range<Int>, to run: UnsafeMutableRawPointer?, _ aggregate: arena_scorer_aggregate_v1
    ) -> arena_status {
        // One buffer holds all texts, which must stay where they are.
        let texts = items[range].map(\.output).joined()
        return lend(texts) { texts in
            var inputs: [Input] = []
            var outputs: [Output] = []
            var offset = 0
            for item in items[range] {
                var input = Input()
                input.input.struct_size = UInt32(MemoryLayout<Input>.size)
                let length = item.output.utf8.count
                input.input.output = arena_str(ptr: texts.ptr.map { $0 + offset }, len: UInt64(length))
                offset += length
                inputs.append(input)
                var output = Output()
                output.score.struct_size = UInt32(MemoryLayout<Output>.size)
                output.score.value = item.value
                output.score.flags = item.flags
                output.score.status = item.status
                outputs.append(output)
            }
            return call.lend { call in
                aggregate.add(
                    run, call, UInt64(range.count), &inputs, UInt64(MemoryLayout<Input>.stride), &outputs,
                    UInt64(MemoryLayout<Output>.stride))
            }
        }
    }

    @Test("[AGG-1] the figure is the same however the items are split", arguments: [1, 2, 4, 6])
    func figureDoesNotDependOnTheSplit(size: Int) throws {
        try withRun { aggregate, run in
            for start in stride(from: 0, to: items.count, by: size) {
                #expect(add(start..<min(items.count, start + size), to: run, aggregate) == ARENA_OK)
            }
            let result = call.lend { call in written { aggregate.finish(run, call, $0) } }
            #expect(result == (ARENA_OK, #"{"value":5,"n":2}"#))
        }
    }

    @Test func ofNothingThereIsAFigureToo() throws {
        try withRun { aggregate, run in
            #expect(call.lend { aggregate.add(run, $0, 0, nil, 0, nil, 0) } == ARENA_OK)
            #expect(call.lend { call in written { aggregate.finish(run, call, $0) } }.text == #"{"value":0,"n":0}"#)
        }
    }

    @Test func saysWhyItCannotTakeAnItem() throws {
        try withRun { aggregate, run in
            var output = arena_score_output()
            let status = lend("bad") { text in
                var input = arena_score_input()
                input.output = text
                return call.lend { aggregate.add(run, $0, 1, &input, 0, &output, 0) }
            }
            #expect(status == ARENA_DATA_LOSS)
            #expect(call.detail["code"] == "longest.bad")
        }
    }
}
