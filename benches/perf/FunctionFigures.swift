import ArenaPluginABI
import Glibc

/// What it costs to call a C function through libffi, over calling it by its pointer.
enum FunctionFigures {
    private static let rounds = 200
    private static let callsPerRound = 20_000
    private static let batchSize = 256

    /// A function, and how it is called.
    private struct Shape {
        let name: String
        let words: [UInt64]
        let arguments: [ForeignFunction.Argument]
        let direct: (UnsafeMutableRawPointer) -> () -> Double
        let what: String
    }

    private typealias OfNumber = @convention(c) (Double) -> Double
    private typealias OfCStrings = @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?) -> Double
    private typealias OfStrings = @convention(c) (UnsafeRawPointer?, UInt64, UnsafeRawPointer?, UInt64) -> Double
    private typealias Alone =
        @convention(c) (
            UnsafeMutableRawPointer, UInt32, Int32, UnsafeMutablePointer<UInt64>, UInt32
        ) -> Double

    static func measure(_ bench: Workbench) async throws {
        let path = bench.folder + "/libplain.so"
        let source = "\(Workbench.checkout)/benches/perf/Fixtures/plain_function.c"
        guard Workbench.run("cc", ["-std=c11", "-O2", "-fPIC", "-shared", "-o", path, source, "-lffi"]) == 0,
            let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let alone = dlsym(handle, "ffi_alone"),
            let text = strdup(Texts(length: 64).text(0))
        else { throw Workbench.Failure(description: "\(source) cannot be built and loaded.") }
        defer { free(text) }
        for shape in shapes(UnsafeRawPointer(text)) {
            guard let symbol = dlsym(handle, shape.name) else { continue }
            try measure(shape, symbol, unsafeBitCast(alone, to: Alone.self))
        }
        try measureScorer(path, dlsym(handle, "plain_strings"), unsafeBitCast(alone, to: Alone.self), text)
    }

    private static func shapes(_ text: UnsafeRawPointer) -> [Shape] {
        let word = UInt64(UInt(bitPattern: text))
        return [
            Shape(
                name: "plain_number", words: [(1.0).bitPattern], arguments: [.init(.output, .double)],
                direct: { symbol in
                    let function = unsafeBitCast(symbol, to: OfNumber.self)
                    return { function(1) }
                }, what: "a number"),
            Shape(
                name: "plain_cstrings", words: [word, word],
                arguments: [.init(.output, .cstring), .init(.reference, .cstring)],
                direct: { symbol in
                    let function = unsafeBitCast(symbol, to: OfCStrings.self)
                    return { function(text, text) }
                }, what: "two texts by pointer"),
            Shape(
                name: "plain_strings", words: [word, 64, word, 64],
                arguments: [.init(.output, .string), .init(.reference, .string)],
                direct: { symbol in
                    let function = unsafeBitCast(symbol, to: OfStrings.self)
                    return { function(text, 64, text, 64) }
                }, what: "two texts by pointer and length"),
        ]
    }

    private static func measure(_ shape: Shape, _ symbol: UnsafeMutableRawPointer, _ alone: Alone) throws {
        let call = try PreparedCall(symbol, arguments: shape.arguments.map(\.type), returns: .double)
        let direct = shape.direct(symbol)
        var words = shape.words
        var bare = Samples()
        var library = Samples()
        var through = Samples()
        var sum = 0.0
        for _ in 0..<rounds {
            var watch = Stopwatch()
            for _ in 0..<callsPerRound { sum += direct() }
            bare.add(watch.nanoseconds / Double(callsPerRound))
            watch = Stopwatch()
            sum += alone(
                symbol, UInt32(words.count), shape.name == "plain_number" ? 1 : 0, &words, UInt32(callsPerRound))
            library.add(watch.nanoseconds / Double(callsPerRound))
            watch = Stopwatch()
            for _ in 0..<callsPerRound {
                for index in 0..<words.count { call.set(index, words[index]) }
                sum += call()
            }
            through.add(watch.nanoseconds / Double(callsPerRound))
        }
        guard sum == Double(3 * rounds * callsPerRound) else {
            throw Workbench.Failure(description: "The function did not do its work.")
        }
        func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
        Figure(
            name: "libffi_over_direct_call_\(shape.name)", value: through.median - bare.median, unit: "ns",
            baseline: "the same C function by its pointer", baselineValue: bare.median, goal: .atMost(40),
            count: rounds,
            note: "\(shape.what); whole call \(tenths(through.median)) ns (\(through.spread)), "
                + "of which libffi's own, called from C with ready words, \(tenths(library.median)) ns"
        ).emit()
    }

    /// The scorer as the product calls it: whole batches, with the checks of what goes in and what comes back.
    private static func measureScorer(
        _ path: String, _ symbol: UnsafeMutableRawPointer?, _ alone: Alone, _ text: UnsafeMutablePointer<CChar>
    ) throws {
        guard let symbol else { return }
        let scorer = try FunctionScorer(
            ForeignFunction(
                library: path, symbol: "plain_strings",
                arguments: [.init(.output, .string), .init(.reference, .string)], returns: .double, range: 0...1))
        let batch = ScoreBatch(Texts(length: 64).items(batchSize))
        let context = CallContext()
        var words = [UInt64(UInt(bitPattern: text)), 64, UInt64(UInt(bitPattern: text)), 64]
        var library = Samples()
        var whole = Samples()
        var sum = 0.0
        for _ in 0..<rounds {
            var watch = Stopwatch()
            sum += alone(symbol, 4, 0, &words, UInt32(20 * batchSize))
            library.add(watch.nanoseconds / Double(20 * batchSize))
            watch = Stopwatch()
            for _ in 0..<20 { sum += try scorer.score(batch, in: context)[0].value }
            whole.add(watch.nanoseconds / Double(20 * batchSize))
        }
        guard sum == Double(rounds * 20 * (batchSize + 1)) else {
            throw Workbench.Failure(description: "The scorer did not do its work.")
        }
        Figure(
            name: "function_scorer", value: whole.median - library.median, unit: "ns/item",
            baseline: "libffi's own call from C with ready words", baselineValue: library.median, goal: .none,
            count: rounds,
            note: "what Arena adds: batches of \(batchSize), two texts of 64 bytes copied for the function; whole "
                + "\(Int(whole.median)) ns/item (\(whole.spread))"
        ).emit()
    }
}
