import ArenaCore

extension Failure {
    /// Refuses a number that an option does not take.
    static func requireOption(
        _ option: String, _ value: Int, in range: ClosedRange<Int>, hint: String? = nil
    ) throws(Failure) {
        guard !range.contains(value) else { return }
        let rule =
            range.upperBound == .max
            ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        throw badOption("\(option) must be \(rule), not \(value).", hint: hint)
    }

    /// A value that an option does not take.
    static func badOption(_ message: String, hint: String?) -> Failure {
        Failure(code: "cli.bad_option", category: .invalidArgument, message: message, hint: hint)
    }
}
