import CArenaPlugin

extension Conformance {
    /// Nothing bent: whether every call ends as it must [ERR-2].
    func contract(_ exercise: some Exercise) -> Findings {
        announce("every function, with nothing bent")
        return Findings(faults: exercise.perform(Conditions(announce: { announce($0) })).faults)
    }

    /// [ABI-2] [ABI-3] [ABI-5]: structs of a later host are longer, arrays have larger strides.
    func evolution(_ exercise: some Exercise) -> Findings {
        announce("structs as long as their first release")
        let plain = exercise.perform()
        var findings = Findings()
        let later = [
            ("structs longer by 8 bytes", "ABI-3", Conditions(surplus: 8)),
            ("structs longer by 256 bytes", "ABI-3", Conditions(surplus: 256)),
            ("arrays with gaps of 24 bytes", "ABI-5", Conditions(gap: 24)),
            ("longer structs in arrays with gaps", "ABI-5", Conditions(surplus: 64, gap: 8)),
        ]
        for (name, rule, conditions) in later {
            announce(name)
            compare(exercise.perform(conditions), with: plain, rule, name, &findings)
        }
        return findings
    }

    /// [MEM-1] [MEM-2] [MEM-3] [STR-1]: inputs that end at a page that cannot be touched and are gone after the call.
    func memory(_ exercise: some Exercise) -> Findings {
        announce("inputs in ordinary memory")
        let plain = exercise.perform()
        var findings = Findings()
        announce("read-only inputs that end at a guard page and are gone after each call")
        compare(exercise.perform(Conditions(vanishes: true)), with: plain, "MEM-2", "vanishing inputs", &findings)
        announce("the same, and outputs longer than known")
        let long = Conditions(surplus: 40, vanishes: true)
        compare(exercise.perform(long), with: plain, "MEM-3", "outputs longer than known", &findings)
        return findings
    }

    /// [SINK-2]: sinks that refuse at byte k.
    func sinks(_ exercise: some Exercise) -> Findings {
        announce("sinks that take everything")
        let written = exercise.perform().written.values.max() ?? 0
        guard written > 0 else { return .skipped("nothing was written to a sink") }
        var findings = Findings()
        for limit in Self.limits(upTo: written) {
            announce("sinks that refuse at byte \(limit)")
            findings.faults += exercise.perform(Conditions(sinkLimit: limit)).faults
            if !findings.faults.isEmpty { break }
        }
        return findings
    }

    /// The first few, and some in between.
    private static func limits(upTo end: Int) -> [Int] {
        Set([0, 1, 2, 3, end / 4, end / 2, end * 3 / 4, end - 2, end - 1]).filter { (0..<end).contains($0) }.sorted()
    }

    func compare(
        _ bent: Performance, with plain: Performance, _ rule: String, _ name: String, _ findings: inout Findings
    ) {
        // What is wrong without bending belongs to the contract.
        let known = Set(plain.faults.map(\.message))
        findings.faults += bent.faults.filter { !known.contains($0.message) }
        if let difference = bent.difference(from: plain) {
            findings.faults.append(Fault(rule, "with \(name), \(difference)"))
        }
    }
}
