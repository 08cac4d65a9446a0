import ArenaPluginABI
import CArenaPlugin
import Glibc

/// What it costs to call a scorer in the host, over calling its C function.
enum DispatchFigures {
    private static let batchSize = 256
    private static let rounds = 400
    private static let callsPerRound = 20

    static func measure(_ bench: Workbench) async throws {
        let path = bench.folder + "/libdispatch.so"
        try bench.compileTinyScorer(id: "tiny", to: path)
        let library = try PluginLibrary(path: path)
        let call = CallContext()
        let scorer = try library.scorer("tiny").create(config: "", in: call)
        let direct = try DirectScorer(path: path, kind: "tiny")
        let items = Texts(length: 64).items(batchSize)
        let batch = ScoreBatch(items)
        var host = Samples()
        var bare = Samples()
        var encoding = Samples()
        var sum = 0.0
        for _ in 0..<rounds {
            var watch = Stopwatch()
            for _ in 0..<callsPerRound { sum += direct.score(items.count) }
            bare.add(watch.nanoseconds / Double(callsPerRound * batchSize))
            watch = Stopwatch()
            for _ in 0..<callsPerRound { sum += try scorer.score(batch, in: call)[0].value }
            host.add(watch.nanoseconds / Double(callsPerRound * batchSize))
            watch = Stopwatch()
            for _ in 0..<callsPerRound { sum += Double(ScoreBatch(items).count) }
            encoding.add(watch.nanoseconds / Double(callsPerRound * batchSize))
        }
        scorer.destroy()
        guard sum > 0 else { throw Workbench.Failure(description: "The scorers did not score.") }
        Figure(
            name: "dispatch_in_host_over_direct_call", value: host.median - bare.median, unit: "ns/item",
            baseline: "the same C function in a loop over a ready array", baselineValue: bare.median,
            goal: .atMost(10), count: rounds,
            note: "batch of 256, texts of 64 bytes; whole call \(Int(host.median)) ns/item (\(host.spread))"
        ).emit()
        Figure(
            name: "lay_out_batch", value: encoding.median, unit: "ns/item",
            baseline: "the same C function in a loop over a ready array", baselineValue: bare.median, goal: .none,
            count: rounds, note: "from Swift strings to the bytes that both host and child read; \(encoding.spread)"
        ).emit()
    }
}

/// A scorer called as C would: a function pointer and arrays that were laid out before.
private struct DirectScorer {
    private let table: arena_scorer_v1
    private let inputs: UnsafeMutablePointer<arena_score_input>
    private let outputs: UnsafeMutablePointer<arena_score_output>

    init(path: String, kind: String) throws {
        typealias Entry = @convention(c) () -> UnsafePointer<arena_entry>?
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, "arena_plugin_entry_v1"),
            let entry = unsafeBitCast(symbol, to: Entry.self)(), let lookUp = entry.pointee.get_interface,
            let found = lookUp(Self.text(ARENA_SCORER_1), Self.text(kind))
        else { throw Workbench.Failure(description: "\(path) cannot be loaded.") }
        table = found.load(as: arena_scorer_v1.self)
        inputs = .allocate(capacity: 256)
        outputs = .allocate(capacity: 256)
        // Kept for the life of the process, as the array of inputs is.
        let references = UnsafeMutablePointer<arena_str>.allocate(capacity: 256)
        for index in 0..<256 {
            // A copy for each item, as the batch has them: the bytes that are compared are the same.
            references[index] = Self.text(Texts(length: 64).text(0))
            inputs[index] = arena_score_input(
                struct_size: UInt32(MemoryLayout<arena_score_input>.size), reserved: 0,
                item_id: Self.text("item-\(index)"),
                input: Self.text(""), output: Self.text(Texts(length: 64).text(index)),
                references: UnsafeRawPointer(references + index), reference_count: 1,
                reference_stride: UInt32(MemoryLayout<arena_str>.stride), meta_json: Self.text(""))
            outputs[index] = arena_score_output()
        }
    }

    /// Text that is never given back: a handful of them live as long as the process.
    private static func text(_ string: String) -> arena_str {
        arena_str(ptr: strdup(string), len: UInt64(string.utf8.count))
    }

    @inline(never)
    func score(_ count: Int) -> Double {
        guard let score = table.score else { return 0 }
        var call = arena_call()
        for index in 0..<count { _ = score(nil, &call, inputs + index, outputs + index, nil) }
        return outputs[0].value
    }
}
