package import ArenaCore

/// How an answer was judged.
package struct ScoreResult: Hashable, Sendable {
    /// Of this item alone; another than ``StatusCode/ok`` leaves it without a value.
    package var status: StatusCode
    /// 0 (worst) to 1 (best), always finite.
    package var value: Double
    package var flags: ScoreFlags
    package var reason: ScoreReason
    /// A sentence for a person, at most 1 KiB, or empty.
    package var explain: String

    package init(
        status: StatusCode = .ok, value: Double, flags: ScoreFlags = [], reason: ScoreReason = .ok,
        explain: String = ""
    ) {
        self.status = status
        self.value = value
        self.flags = flags
        self.reason = reason
        self.explain = explain
    }

    /// Whether the scorer does not apply to the item: it leaves the denominator.
    package var isSkipped: Bool { flags.contains(.skipped) }
    /// As the scorer says, else whether the value is at least one half.
    package var isPass: Bool {
        guard status == .ok, !isSkipped else { return false }
        return flags.contains(.passKnown) ? flags.contains(.pass) : value >= 0.5
    }
}

/// What a scorer says of an item besides its value.
package struct ScoreFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let skipped = ScoreFlags(rawValue: 1)
    /// ``pass`` says whether the item passed.
    package static let passKnown = ScoreFlags(rawValue: 2)
    package static let pass = ScoreFlags(rawValue: 4)
    static let known: ScoreFlags = [.skipped, .passKnown, .pass]
}

/// Why a value is what it is, as `arena/scorer.h` numbers it.
package enum ScoreReason: UInt32, CaseIterable, Sendable {
    case ok = 0
    case wrong, noAnswer, length, refused, unparsable, timeout, infrastructure

    /// The name in JSON: `no_answer`.
    package var name: String { self == .noAnswer ? "no_answer" : "\(self)" }

    /// A number that this host does not know yet says no more than the value does.
    init(foreign number: UInt32, value: Double) {
        self = ScoreReason(rawValue: number) ?? (value >= 0.5 ? .ok : .wrong)
    }
}
