package import ArenaCore
import CArenaPlugin
import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A scorer that is a function of a C library. Calls on it are never concurrent.
package final class FunctionScorer: BatchScorer, @unchecked Sendable {
    // Arguments and call are used by one thread at a time, which the callers see to, as for every scorer.
    private let function: ForeignFunction
    private let arguments: [ForeignArgument]
    private let call: PreparedCall

    /// Loads the library and finds the function. Runs the library's constructors.
    ///
    /// - Parameter isGuarded: each text ends at a page that may not be touched: for trying a function out.
    /// - Throws: `ffi.not_loaded`, `ffi.no_symbol`, `ffi.foreign_symbol`, `ffi.not_prepared`.
    package init(_ function: ForeignFunction, isGuarded: Bool = false) throws(Failure) {
        self.function = function
        arguments = ForeignArgument.all(of: function, isGuarded: isGuarded)
        call = try PreparedCall(
            try Self.symbol(of: function), arguments: function.arguments.map(\.type), returns: function.returns)
    }

    private static func symbol(of function: ForeignFunction) throws(Failure) -> UnsafeMutableRawPointer {
        guard let handle = dlopen(function.library, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "the loader gave no reason"
            throw Failure(
                code: "ffi.not_loaded", category: .failedPrecondition,
                message: "The library \(function.library) cannot be loaded: \(reason).",
                hint: "Check that the file is complete and that everything it links against is installed.")
        }
        guard let symbol = dlsym(handle, function.symbol) else {
            throw Failure(
                code: "ffi.no_symbol", category: .failedPrecondition,
                message: "The library \(function.library) has no function \(function.symbol).",
                hint: "Correct `symbol`; `nm -D` lists what a library exports (C++ names need extern \"C\").")
        }
        // dlsym also looks through what the library links against, libc among it.
        guard arena_linux_symbol_is_in(handle, symbol) == 1 else {
            throw Failure(
                code: "ffi.foreign_symbol", category: .permissionDenied,
                message: "\(function.symbol) is not a function of \(function.library) itself, "
                    + "but of another library that it uses.",
                hint: "Name the library that defines it; only functions of the named library are called.")
        }
        return symbol
    }

    /// Nothing to give back: a library is never unloaded.
    package func destroy() {}

    package func score(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> ScoreResults {
        var results: [ScoreResult] = []
        results.reserveCapacity(batch.count)
        batch.withInputs { inputs in
            for index in 0..<batch.count where !call.isCancelled { results.append(judge(inputs + index)) }
        }
        guard results.count == batch.count else {
            throw call.isPastDeadline
                ? CallFailure(.deadlineExceeded, "The call's deadline has passed.")
                : CallFailure(.cancelled, "The call was cancelled.")
        }
        return ScoreResults(results)
    }

    /// With several references the best counts.
    private func judge(_ item: UnsafePointer<arena_score_input>) -> ScoreResult {
        guard function.needsReference else { return judge(item, reference: arena_str()) }
        var best: ScoreResult?
        for index in 0..<item.pointee.reference_count {
            let result = judge(item, reference: arena_score_reference(item, index))
            if result.isBetter(than: best) { best = result }
        }
        return best ?? .skipped("The item has no reference.")
    }

    private func judge(_ item: UnsafePointer<arena_score_input>, reference: arena_str) -> ScoreResult {
        for argument in arguments {
            let text =
                switch argument.source {
                case .output: item.pointee.output
                case .input: item.pointee.input
                case .reference: reference
                }
            guard let bytes = ForeignText.bytes(text) else { return .skipped("A text of the item cannot be read.") }
            do throws(ForeignArgument.Refusal) { try argument.set(bytes, in: call) } catch {
                return refusal(error, of: argument.source)
            }
        }
        return result(call())
    }

    private func result(_ value: Double) -> ScoreResult {
        guard value.isFinite, function.range.contains(value) else {
            let limits = "\(function.range.lowerBound) to \(function.range.upperBound)"
            return ScoreResult(
                status: .outOfRange, value: 0,
                explain: "\(function.symbol) returned \(value), which is not within \(limits).")
        }
        let width = function.range.upperBound - function.range.lowerBound
        let score = min(1, max(0, (value - function.range.lowerBound) / width))
        return ScoreResult(value: score, reason: score >= 0.5 ? .ok : .wrong)
    }

    private func refusal(_ refusal: ForeignArgument.Refusal, of source: ForeignFunction.Source) -> ScoreResult {
        switch refusal {
        case .innerNUL: return .skipped("The \(source.rawValue) has a NUL inside, where C would end it.")
        case .notA(let what):
            let sentence = "The \(source.rawValue) is no \(what)."
            guard source != .output else {
                return ScoreResult(value: 0, flags: .passKnown, reason: .unparsable, explain: sentence)
            }
            return ScoreResult(status: .invalidArgument, value: 0, explain: sentence)
        }
    }
}

extension ScoreResult {
    fileprivate static func skipped(_ why: String) -> Self { Self(value: 0, flags: .skipped, explain: why) }

    /// A value beats a fault, and a greater value a smaller.
    fileprivate func isBetter(than other: ScoreResult?) -> Bool {
        guard let other else { return true }
        func rank(_ result: ScoreResult) -> Int { result.status != .ok ? 0 : result.isSkipped ? 1 : 2 }
        return (rank(self), value) > (rank(other), other.value)
    }
}
