import ArenaCore
import GRDB

/// The numbered steps that lead from an empty file to today's tables. Forward only: a step that was released is never
/// changed, a mistake is mended by a later step.
///
/// The number of the last step that ran is SQLite's `user_version`, written in the transaction of that step, so that
/// two processes that open one file at the same time don't both run it.
enum Migrations {
    struct Step {
        let number: Int
        let statements: String
    }

    static let steps = [
        Step(number: 1, statements: Schema.jobs + Schema.records + Schema.events),
        Step(number: 2, statements: Schema.queueControl),
        Step(number: 3, statements: Schema.schedules),
        Step(number: 4, statements: Schema.queueTimes + Schema.queueIndexes),
    ]

    /// Runs the steps that are missing. Writes nothing when there are none.
    static func run(on writer: any DatabaseWriter, path: String) throws {
        let latest = steps.map(\.number).max() ?? 0
        let found = try writer.read(version)
        guard found <= latest else {
            throw StoreError(
                code: "store.newer", category: .failedPrecondition,
                message: "\(path) was written by a newer Arena (schema \(found), this one knows \(latest)).",
                hint: "Use that version, or another ARENA_HOME.")
        }
        for step in steps where step.number > found {
            try writer.write { db in
                guard try version(db) < step.number else { return }
                try db.execute(sql: step.statements)
                try db.execute(sql: "PRAGMA user_version = \(step.number)")
            }
        }
    }

    private static func version(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
}
