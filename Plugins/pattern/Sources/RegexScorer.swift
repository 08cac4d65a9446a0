import ArenaJSON
import ArenaPluginKit
import Glibc

/// The scorer `regex`: every pattern must be found; or what a group of it captures must be a reference.
struct RegexScorer: ScorerPlugin {
    private let patterns: [Pattern]
    /// The group that is compared with the references; `nil`: to be found is enough.
    private let group: Int?
    private let takesLast: Bool
    private let isCaseSensitive: Bool
    /// For one answer.
    private let nanoseconds: UInt64

    init(config: JSONValue) throws(PluginError) {
        let flags = config["flags"]?.string ?? ""
        let isFull = config["match"]?.string == "full"
        let texts = config["pattern"]?.string.map { [$0] } ?? config["pattern"]?.array?.compactMap(\.string) ?? []
        guard !texts.isEmpty else {
            throw Pattern.invalid("The config has no `pattern`.", "Give one, such as {\"pattern\": \"\\\\d+\"}.")
        }
        var patterns: [Pattern] = []
        for text in texts { patterns.append(try Pattern(text, flags: flags, isFull: isFull)) }
        self.patterns = patterns
        group = try Self.group(config["group"], of: patterns)
        takesLast = config["which"]?.string == "last"
        isCaseSensitive = config["case_sensitive"]?.bool ?? false
        nanoseconds = UInt64(max(1, config["time_ms"]?.int ?? 100)) * 1_000_000
    }

    private static func group(_ value: JSONValue?, of patterns: [Pattern]) throws(PluginError) -> Int? {
        guard let value, let pattern = patterns.first else { return nil }
        guard patterns.count == 1 else {
            throw Pattern.invalid("`group` needs a single pattern.", "Write the patterns as one, with `|`.")
        }
        let number = value.int ?? value.string.flatMap { pattern.group(named: $0) }
        guard let number, (0...pattern.groupCount).contains(number) else {
            throw Pattern.invalid(
                "The pattern \"\(String(pattern.text.unicodeScalars.prefix(100)))\" has no group \(value.text()).",
                "Its groups are 1 to \(pattern.groupCount); 0 is the whole match.")
        }
        return number
    }

    func score(_ item: ScoreItem) -> Score {
        let answer = AnswerText(item.output)
        guard !answer.text.isEmpty else { return Score(0, .noAnswer, pass: false, "The answer is empty.") }
        if group != nil, item.references.isEmpty {
            var score = Score(0, .wrong, "The item has no reference to compare the group with.")
            score.isSkipped = true
            return score
        }
        var text = answer.text
        let deadline = Self.now() + nanoseconds
        return text.withUTF8 { bytes in
            group.map { compare($0, bytes, item, deadline) } ?? findAll(bytes, deadline)
        }
    }

    private func findAll(_ bytes: UnsafeBufferPointer<UInt8>, _ deadline: UInt64) -> Score {
        for pattern in patterns {
            switch pattern.find(in: bytes, from: 0, until: deadline) {
            case .match: continue
            case .none: return Score(0, .wrong, pass: false, "The pattern \(shown(pattern)) is not found.")
            case .undecided(let why): return undecided(pattern, why)
            }
        }
        return Score(1, .ok, pass: true)
    }

    private func compare(
        _ group: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ item: ScoreItem, _ deadline: UInt64
    ) -> Score {
        let pattern = patterns[0]
        var found: String?
        var start = 0
        search: while start <= bytes.count {
            switch pattern.find(in: bytes, from: start, until: deadline) {
            case .undecided(let why): return undecided(pattern, why)
            case .none: break search
            case .match(let groups):
                if group < groups.count, let range = groups[group] {
                    found = String(decoding: bytes[range], as: UTF8.self)
                }
                guard takesLast, let whole = groups.first ?? nil else { break search }
                // An empty match does not move on by itself; the next place is where a scalar begins.
                start = whole.isEmpty ? Self.afterScalar(bytes, whole.upperBound) : max(whole.upperBound, start + 1)
            }
        }
        guard let found else {
            return Score(0, .noAnswer, pass: false, "The pattern \(shown(pattern)) is not found.")
        }
        let answer = folded(found)
        if item.references.contains(where: { folded($0) == answer }) { return Score(1, .ok, pass: true) }
        return Score(0, .wrong, pass: false, "The answer is \"\(String(found.unicodeScalars.prefix(80)))\".")
    }

    private static func afterScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var next = offset + 1
        while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private func folded(_ text: String) -> String {
        let trimmed = AnswerText.trimmed(text)
        return isCaseSensitive ? trimmed : trimmed.lowercased()
    }

    /// The pattern's fault and not the answer's: the item has no value.
    private func undecided(_ pattern: Pattern, _ why: String) -> Score {
        var score = Score(0, .infrastructure, "The pattern \(shown(pattern)) \(why) on this answer.")
        score.status = .resourceExhausted
        return score
    }

    private func shown(_ pattern: Pattern) -> String { "\"\(String(pattern.text.unicodeScalars.prefix(80)))\"" }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
