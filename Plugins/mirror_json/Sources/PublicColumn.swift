import ArenaJSON

/// A column that may leave this machine, and what its values may look like. What is not listed here is never read.
struct PublicColumn: Sendable {
    enum Shape: Sendable {
        /// Up to 100 characters of a name, after a look at what it seems to be.
        case name
        /// What names a run: 32 hexadecimal digits behind at most a short word, which say nothing; else as `name`.
        case runID
        /// 64 hexadecimal digits.
        case hash
        /// A whole number of 0 or more.
        case count
        case number
        /// RFC 3339.
        case time
    }

    let name: String
    let shape: Shape

    /// The table that the mirror reads, and no other.
    static let table = "eval_runs"

    static let all: [PublicColumn] = [
        PublicColumn(name: "id", shape: .runID), PublicColumn(name: "bench_id", shape: .name),
        PublicColumn(name: "bench_sha256", shape: .hash), PublicColumn(name: "lane_id", shape: .name),
        PublicColumn(name: "model", shape: .name), PublicColumn(name: "scorer_id", shape: .name),
        PublicColumn(name: "scorer_plugin", shape: .name), PublicColumn(name: "scorer_version", shape: .name),
        PublicColumn(name: "n_items", shape: .count), PublicColumn(name: "n_scored", shape: .count),
        PublicColumn(name: "n_infrastructure", shape: .count), PublicColumn(name: "n_skipped", shape: .count),
        PublicColumn(name: "mean_normalized", shape: .number), PublicColumn(name: "stderr", shape: .number),
        PublicColumn(name: "repeat", shape: .count), PublicColumn(name: "finished_at", shape: .time),
    ]

    /// Why a value must not leave; `nil`: it may. Never says the value itself.
    func objection(to value: JSONValue) -> String? {
        switch (shape, value) {
        case (_, .null): nil
        case (.name, .string(let text)): LeakCheck.objection(to: text)
        case (.runID, .string(let text)): Self.isRunID(text) ? nil : LeakCheck.objection(to: text)
        case (.hash, .string(let text)): Self.isHash(text) ? nil : "is no SHA-256"
        case (.time, .string(let text)): Self.isTime(text) ? nil : "is no time"
        case (.count, .number(let number)): (number.int ?? -1) >= 0 ? nil : "is no count"
        case (.number, .number): nil
        default: "has another type than it should"
        }
    }

    private static func isRunID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let digits = parts.last, digits.utf8.count == 32, digits.utf8.allSatisfy(isHexadecimal)
        else { return false }
        return parts.count == 1 || (parts[0].utf8.count <= 4 && parts[0].utf8.allSatisfy { (0x61...0x7A).contains($0) })
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { LeakCheck.isDigit(byte) || (0x61...0x66).contains(byte) }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal)
    }

    private static func isTime(_ text: String) -> Bool {
        (20...30).contains(text.utf8.count) && text.hasSuffix("Z")
            && text.utf8.allSatisfy { LeakCheck.isDigit($0) || "-:.TZ".utf8.contains($0) }
    }
}
