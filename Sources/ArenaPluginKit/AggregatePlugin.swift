package import ArenaJSON
import CArenaPlugin

/// One figure for a whole run that is no mean of its items. One value is made per run, used by one thread at a time.
package protocol AggregatePlugin: SendableMetatype {
    /// `config`: checked against the manifest's schema.
    init(config: JSONValue) throws(PluginError)

    /// Takes an item with its score. Items come in any order; how they are split over calls of the table is nothing
    /// that an aggregate sees [AGG-1].
    mutating func add(_ item: ScoreItem, _ score: Score) throws(PluginError)

    /// `{"value": number, "n": integer, …}`. Called once, last.
    func finish() throws(PluginError) -> JSONValue
}

/// The table of the aggregate number `slot`.
func aggregateTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_scorer_aggregate_v1()
    table.struct_size = UInt32(MemoryLayout<arena_scorer_aggregate_v1>.size)
    table.open = KindSlots.create[slot]
    table.add = { pointer, call, count, inputs, inputStride, scores, scoreStride in
        PluginCall.run(call) { call throws(PluginError) in
            let run = try Box<any AggregatePlugin>.at(pointer)
            if count == 0 { return ARENA_OK }
            guard let inputs, let scores else { throw PluginError.noKind }
            for index in 0..<Int(count) {
                try call.checkCancellation()
                let input = (inputs + index * Int(inputStride)).assumingMemoryBound(to: arena_score_input.self)
                let score = (scores + index * Int(scoreStride)).assumingMemoryBound(to: arena_score_output.self)
                try run.value.add(try ScoreItem(input), Score(score))
            }
            return ARENA_OK
        }
    }
    table.finish = { pointer, call, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            write(try Box<any AggregatePlugin>.at(pointer).value.finish(), to: sink)
        }
    }
    table.close = { Box<any AggregatePlugin>.release($0) }
    return UnsafeRawPointer(permanent(table))
}
