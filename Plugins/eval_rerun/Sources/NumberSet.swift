import ArenaJSON

/// A set of small numbers, kept as sorted runs: what is done of a run, which is nearly all one piece.
struct NumberSet: Equatable {
    private(set) var runs: [ClosedRange<Int>] = []

    var count: Int { runs.reduce(0) { $0 + $1.count } }

    func contains(_ number: Int) -> Bool { firstAbsent(from: number) != number }

    /// The least number that is not in the set and not below `start`.
    func firstAbsent(from start: Int) -> Int {
        // What follows a run is absent, since runs never touch each other.
        runs.first { $0.contains(start) }.map { $0.upperBound + 1 } ?? start
    }

    mutating func insert(_ number: Int) {
        let place = runs.firstIndex { $0.upperBound >= number - 1 } ?? runs.count
        guard place < runs.count, runs[place].lowerBound <= number + 1 else {
            runs.insert(number...number, at: place)
            return
        }
        let merged = min(number, runs[place].lowerBound)...max(number, runs[place].upperBound)
        runs[place] = merged
        if place + 1 < runs.count, runs[place + 1].lowerBound == merged.upperBound + 1 {
            runs[place] = merged.lowerBound...runs[place + 1].upperBound
            runs.remove(at: place + 1)
        }
    }

    var json: JSONValue { .array(runs.map { .array([JSONValue($0.lowerBound), JSONValue($0.upperBound)]) }) }

    init() {}

    /// `nil`: not what ``json`` gives.
    init?(_ json: JSONValue) {
        for pair in json.array ?? [] {
            guard let first = pair[0]?.int, let last = pair[1]?.int, first <= last,
                first > (runs.last?.upperBound ?? -1)
            else { return nil }
            runs.append(first...last)
        }
    }
}
