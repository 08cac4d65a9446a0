import ArenaPluginABI
import Glibc

/// What it costs to call a C function through libffi, over calling it by its pointer.
enum FunctionFigures {
    private static let rounds = 200
    private static let callsPerRound = 20_000

    private typealias Plain =
        @convention(c) (UnsafeRawPointer?, UInt64, UnsafeRawPointer?, UInt64) -> Double

    static func measure(_ bench: Workbench) async throws {
        let path = bench.folder + "/libplain.so"
        let source = "\(Workbench.checkout)/benches/perf/Fixtures/plain_function.c"
        guard Workbench.run("cc", ["-std=c11", "-O2", "-fPIC", "-shared", "-o", path, source]) == 0,
            let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, "plain_function"),
            let text = strdup(Texts(length: 64).text(0))
        else { throw Workbench.Failure(description: "\(source) cannot be built and loaded.") }
        defer { free(text) }
        let direct = unsafeBitCast(symbol, to: Plain.self)
        let call = try PreparedCall(symbol, arguments: [.string, .string], returns: .double)
        var bare = Samples()
        var through = Samples()
        var sum = 0.0
        for _ in 0..<rounds {
            var watch = Stopwatch()
            for _ in 0..<callsPerRound { sum += direct(text, 64, text, 64) }
            bare.add(watch.nanoseconds / Double(callsPerRound))
            watch = Stopwatch()
            for _ in 0..<callsPerRound {
                call.set(0, UnsafeRawPointer(text))
                call.set(1, UInt64(64))
                call.set(2, UnsafeRawPointer(text))
                call.set(3, UInt64(64))
                sum += call()
            }
            through.add(watch.nanoseconds / Double(callsPerRound))
        }
        guard sum == Double(2 * rounds * callsPerRound) else {
            throw Workbench.Failure(description: "The function did not do its work.")
        }
        Figure(
            name: "libffi_over_direct_call", value: through.median - bare.median, unit: "ns",
            baseline: "the same C function by its pointer", baselineValue: bare.median, goal: .atMost(40),
            count: rounds,
            note: "two texts by pointer and length; whole call \(Int(through.median)) ns (\(through.spread))"
        ).emit()
    }
}
