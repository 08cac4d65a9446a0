import ArenaJSON
import CArenaPlugin

/// What `arena.job/1` keeps of one job, over all of its attempts.
struct FakeStore {
    struct Key: Hashable {
        var type: String
        var key: String
    }

    /// Rows that were sealed.
    private(set) var records: [Key: JSONValue] = [:]
    /// Checkpoints, one a commit.
    private(set) var commits: [[UInt8]] = []
    private(set) var rowsOfCommits: [Int] = []
    /// The commit of this number is refused, as if another attempt had taken over.
    var abortsAtCommit = Int.max
    private var staged: [(key: Key, json: JSONValue)] = []

    var checkpoint: [UInt8] { commits.last ?? [] }

    func rows(_ type: String) -> [JSONValue] {
        records.filter { $0.key.type == type }.sorted { $0.key.key < $1.key.key }.map(\.value)
    }

    mutating func beginAttempt() { staged = [] }

    mutating func put(_ type: String, _ key: String, _ json: String) -> arena_status {
        let place = Key(type: type, key: key)
        guard records[place] == nil else { return ARENA_ALREADY_EXISTS }
        guard let value = try? JSONValue(parsing: json), value.object != nil else { return ARENA_INVALID_ARGUMENT }
        staged.append((place, value))
        return ARENA_OK
    }

    mutating func commit(_ checkpoint: [UInt8], expected: UInt64) -> arena_status {
        guard expected == UInt64(commits.count), commits.count < abortsAtCommit else { return ARENA_ABORTED }
        for (key, json) in staged { records[key] = json }
        rowsOfCommits.append(staged.count)
        staged = []
        commits.append(checkpoint)
        return ARENA_OK
    }
}
