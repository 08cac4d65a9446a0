package import ArenaCore

/// Why a bench cannot be used.
package struct BenchError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        case unknown(searched: [String], known: [String])
        case unreadable(path: String, reason: String)
        /// `line` is 1-based.
        case badRow(path: String, line: Int, what: String, cure: String)
        case badMeta(path: String, what: String, cure: String?)
        case empty(path: String)
    }

    package let bench: String
    package let reason: Reason

    init(_ bench: String, _ reason: Reason) {
        self.bench = bench
        self.reason = reason
    }

    package var code: String {
        switch reason {
        case .unknown: "bench.unknown"
        case .unreadable: "bench.unreadable"
        case .badRow: "bench.bad_row"
        case .badMeta: "bench.bad_meta"
        case .empty: "bench.empty"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .unknown: .notFound
        case .unreadable: .failedPrecondition
        case .badRow, .badMeta, .empty: .invalidArgument
        }
    }

    package var message: String {
        switch reason {
        case .unknown(let searched, _):
            "There is no bench \"\(bench)\": looked for \(bench).jsonl in \(searched.joined(separator: " and "))."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .badRow(let path, let line, let what, _): "\(path):\(line): the row \(what)."
        case .badMeta(let path, let what, _): "\(path): \(what)"
        case .empty(let path): "The bench \(bench) has no items: \(path) is empty."
        }
    }

    package var hint: String? {
        switch reason {
        case .unknown(_, let known):
            known.isEmpty
                ? "Put a bench there: benches/README.md says how." : "There are: \(known.joined(separator: ", "))."
        case .unreadable: nil
        case .badRow(_, _, _, let cure): cure
        case .badMeta(_, _, let cure): cure
        case .empty: "Write one JSON object a line: benches/README.md says how."
        }
    }
}
