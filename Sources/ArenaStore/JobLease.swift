import GRDB

/// The right to act for one attempt of one job. Every write for an attempt names all three parts and does nothing once
/// another attempt has taken over.
package struct JobLease: Hashable, Sendable {
    package let jobID: String
    package let attempt: Int
    package let token: String

    package init(jobID: String, attempt: Int, token: String) {
        self.jobID = jobID
        self.attempt = attempt
        self.token = token
    }

    /// The condition that every fenced statement ends with; ``arguments`` are its values.
    static let condition = "id = :job_id AND attempts = :attempt AND lease_token = :token"

    var arguments: StatementArguments { ["job_id": jobID, "attempt": attempt, "token": token] }

    /// Whether the attempt still holds its job. True to the end of a write transaction.
    func holds(_ db: Database) throws -> Bool {
        try db.row("SELECT 1 FROM jobs WHERE \(Self.condition)", arguments) != nil
    }

    /// The job, if the attempt still holds it.
    func job(in db: Database) throws -> JobRecord? {
        let sql = "SELECT \(JobRecord.columns) FROM jobs WHERE \(Self.condition)"
        return try db.map(sql, arguments, JobRecord.init).first
    }
}
