import ArenaCore
import GRDB

extension JobEvent {
    /// `UPDATE jobs SET …`, to be followed by `WHERE`: the status it leads to and what it writes. Its arguments are
    /// `:now` where it writes a time, `:run_after` where it says when the job is due, and one of the
    /// column's own name for each value that is given.
    var update: String { Self.updates[self] ?? "" }

    /// The condition that the job is in a state in which this may happen.
    var condition: String { Self.conditions[self] ?? "" }

    private static let updates = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.makeUpdate()) })
    private static let conditions = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.makeCondition()) })

    private func makeUpdate() -> String {
        let writes = writes
        let assignments = JobColumn.allCases.compactMap { column in
            writes[column].map { "\(column.rawValue) = \($0.expression(column.rawValue))" }
        }
        return "UPDATE jobs SET " + (["status = '\(target.rawValue)'"] + assignments).joined(separator: ", ")
    }

    private func makeCondition() -> String {
        let names = sources.map { "'\($0.rawValue)'" }.sorted()
        return "status IN (\(names.joined(separator: ", ")))"
    }
}

extension JobWrite {
    fileprivate func expression(_ column: String) -> String {
        switch self {
        case .null: "NULL"
        case .zero: "0"
        case .oneMore: "\(column) + 1"
        case .oneLess: "\(column) - 1"
        case .now: ":now"
        case .nowIfNull: "ifnull(\(column), :now)"
        case .newToken: "lower(hex(randomblob(16)))"
        case .given: ":\(column)"
        case .whenDue: "ifnull(:run_after, :now)"
        }
    }
}

extension StoreError {
    /// A caller asked for an event that cannot happen in the job's state: a fault in Arena.
    static func impossible(_ event: JobEvent, _ job: JobRecord) -> Self {
        Self(
            code: "store.impossible_transition", category: .internalError,
            message: "Job \(job.id) is \(job.status.rawValue): \"\(event.rawValue)\" cannot happen to it.")
    }
}
