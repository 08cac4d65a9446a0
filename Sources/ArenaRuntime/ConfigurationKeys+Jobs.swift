import ArenaJSON

extension ConfigurationKey<[String: JobRules.KindRule]> {
    static var jobKinds: Self {
        Self(
            name: "jobs.kinds",
            rule: "kinds of job with what is ruled for each",
            hint: "For example:  kinds: {eval_rerun: {concurrency: 1, max_attempts: 3}}",
            defaultValue: [:],
            fromFile: { value in
                guard let members = value.object else { return .mismatch }
                var rules: [String: JobRules.KindRule] = [:]
                for (kind, rule) in members {
                    var reader = RuleReader(place: JSONPointer([kind]), members: rule.object)
                    rules[kind] = JobRules.KindRule(
                        concurrency: reader.integer("concurrency", 1...256),
                        mostAttempts: reader.integer("max_attempts", 1...100),
                        firstPause: reader.integer("first_pause_ms", 0...86_400_000).map { .milliseconds($0) },
                        longestPause: reader.integer("longest_pause_ms", 0...86_400_000).map { .milliseconds($0) })
                    if let (place, rule) = reader.mismatch() { return .mismatchInside(place, rule: rule) }
                }
                return .value(rules)
            }
        )
    }
}

extension ConfigurationKey<[String: Int]> {
    static var jobLanes: Self {
        Self(
            name: "jobs.lanes",
            rule: "ids of lanes with how many jobs may use each at once",
            hint: "For example:  lanes: {mine: 1}",
            defaultValue: [:],
            fromFile: { value in
                guard let members = value.object else { return .mismatch }
                var lanes: [String: Int] = [:]
                for (lane, limit) in members {
                    guard let limit = limit.int, (1...256).contains(limit) else {
                        return .mismatchInside(JSONPointer([lane]), rule: "a whole number from 1 to 256")
                    }
                    lanes[lane] = limit
                }
                return .value(lanes)
            }
        )
    }
}

/// Takes the members of one rule and remembers the first that is wrong.
private struct RuleReader {
    let place: JSONPointer
    let members: JSONObject?
    private var known: Set<String> = []
    private var wrong: (JSONPointer, String)?

    init(place: JSONPointer, members: JSONObject?) {
        self.place = place
        self.members = members
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        known.insert(name)
        guard let value = members?[name], !value.isNull else { return nil }
        if let number = value.int, range.contains(number) { return number }
        wrong = wrong ?? (place.appending(name), "a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// What is wrong, once every member was asked for; `nil`: nothing.
    func mismatch() -> (JSONPointer, rule: String)? {
        guard let members else { return (place, "a mapping of settings") }
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            return (place.appending(unknown.key), "one of \(known.sorted().joined(separator: ", "))")
        }
        return wrong.map { ($0, $1) }
    }
}
