import ArenaCore
package import ArenaJSON
import GRDB

/// A row that a job leaves behind: put, then sealed by a commit, then visible once the job is done.
package enum SealedRow: Sendable {
    /// `eval_run/1`.
    case evalRun(EvalRunRecord)
    /// `eval_score/1` under the key that the plugin chose.
    case evalScore(EvalScoreRecord, key: String)
    /// A record type of the plugin's own.
    case plugin(PluginRecord)
    /// A file that the job wrote.
    case artifact(ArtifactRecord)

    /// The record types of the host; all others belong to plugins.
    package static let hostTypes: Set<String> = ["eval_run/1", "eval_score/1"]

    /// Reads a record as a plugin puts it.
    ///
    /// - Throws: `store.invalid_record`, naming the member that is wrong.
    package init(recordType: String, key: String, json: JSONValue, pluginID: String) throws(StoreError) {
        guard let members = json.object else {
            throw .invalidRecord(recordType, "it must be a JSON object")
        }
        switch recordType {
        case "eval_run/1":
            let run = try EvalRunRecord(members)
            guard run.id == key else { throw .invalidRecord(recordType, "its key must be its \"id\"") }
            self = .evalRun(run)
        case "eval_score/1":
            self = .evalScore(try EvalScoreRecord(members), key: key)
        default:
            self = .plugin(PluginRecord(pluginID: pluginID, recordType: recordType, key: key, json: json))
        }
    }

    package var recordType: String {
        switch self {
        case .evalRun: "eval_run/1"
        case .evalScore: "eval_score/1"
        case .plugin(let record): record.recordType
        case .artifact: "artifact"
        }
    }

    package var key: String {
        switch self {
        case .evalRun(let run): run.id
        case .evalScore(_, let key): key
        case .plugin(let record): record.key
        case .artifact(let artifact): artifact.name
        }
    }
}

/// Whether a row of that name is in the store.
package enum RecordPresence: Sendable, Hashable {
    case absent
    /// This job sealed it before.
    case sealed
    /// It belongs to another job, which alone may write it.
    case foreign
}

extension ArenaStore {
    /// Whether a job sealed this row before.
    package func presence(of row: SealedRow, jobID: String) async throws(StoreError) -> RecordPresence {
        try await read { db in try row.presence(in: db, jobID: jobID) }
    }
}

extension SealedRow {
    func presence(in db: Database, jobID: String) throws -> RecordPresence {
        switch self {
        case .evalRun(let run): try run.presence(in: db, jobID: jobID)
        case .evalScore(let score, let key): try score.presence(in: db, jobID: jobID, key: key)
        case .plugin(let record): try record.presence(in: db, jobID: jobID)
        case .artifact(let artifact): try artifact.presence(in: db, jobID: jobID)
        }
    }

    func insert(into db: Database, jobID: String, at now: Timestamp) throws {
        switch self {
        case .evalRun(let run): try run.insert(into: db, jobID: jobID, at: now)
        case .evalScore(let score, let key): try score.insert(into: db, jobID: jobID, key: key, at: now)
        case .plugin(let record): try record.insert(into: db, jobID: jobID, at: now)
        case .artifact(let artifact): try artifact.insert(into: db, jobID: jobID, at: now)
        }
    }
}

extension StoreError {
    static func invalidRecord(_ recordType: String, _ problem: String) -> Self {
        Self(
            code: "store.invalid_record", category: .invalidArgument,
            message: "A record of type \(recordType) was refused: \(problem).")
    }
}

/// Takes the members of a record one by one and keeps what nobody took.
struct RecordReader {
    private let recordType: String
    private(set) var rest: JSONObject

    init(_ recordType: String, _ members: JSONObject) {
        self.recordType = recordType
        rest = members
    }

    /// What nobody took, as JSON text; `nil` when nothing is left.
    var extra: JSONValue? { rest.isEmpty ? nil : .object(rest) }

    /// A member that may be absent or null; one of another kind is an error.
    mutating func optional<T>(_ name: String, _ kind: String, _ read: (JSONValue) -> T?) throws(StoreError) -> T? {
        guard let value = rest[name] else { return nil }
        if !value.isNull {
            guard let result = read(value) else { throw .invalidRecord(recordType, "\"\(name)\" must be \(kind)") }
            rest[name] = nil
            return result
        }
        rest[name] = nil
        return nil
    }

    mutating func text(_ name: String) throws(StoreError) -> String? {
        try optional(name, "a string") { $0.string }
    }

    mutating func integer(_ name: String) throws(StoreError) -> Int? {
        try optional(name, "an integer") { $0.int }
    }

    mutating func number(_ name: String) throws(StoreError) -> Double? {
        try optional(name, "a finite number") { $0.double }
    }

    mutating func flag(_ name: String) throws(StoreError) -> Bool? {
        try optional(name, "true or false") { $0.bool }
    }

    mutating func object(_ name: String) throws(StoreError) -> JSONObject? {
        try optional(name, "an object") { $0.object }
    }

    /// A string of 1 to 256 bytes that must be there.
    mutating func identifier(_ name: String) throws(StoreError) -> String {
        guard let text = try text(name), (1...256).contains(text.utf8.count) else {
            throw .invalidRecord(recordType, "\"\(name)\" must be a string of 1 to 256 bytes")
        }
        return text
    }

    /// A time that may be absent.
    mutating func time(_ name: String) throws(StoreError) -> Timestamp? {
        try optional(name, "a time such as 2026-11-21T09:05:07.042Z") { $0.string.flatMap { Timestamp($0) } }
    }
}
