package import ArenaJSON
import CArenaPlugin

/// `arena.job/1`: the rows that a running job leaves behind, and how far it is. Only in ``JobKind/run(_:_:)``.
package struct JobService {
    let call: PluginCall
    let table: UnsafePointer<arena_job_service>

    /// Adds a row to the next commit. Says `false` when a row with this key was sealed before and stays as it was.
    @discardableResult
    package func put(_ recordType: String, key: String, _ record: JSONValue) throws(PluginError) -> Bool {
        let status = withText(recordType) { type in
            withText(key) { key in
                withText(record.text(.compact)) { table.pointee.put?(table, call.pointer, type, key, $0) }
            }
        }
        if status == ARENA_ALREADY_EXISTS { return false }
        try check(status, "arena.job/1 put")
        return true
    }

    /// Seals the rows put since the last commit together with `checkpoint`. `commits` counts the commits sealed so far
    /// and is brought up to date. Throws `aborted` for good when another attempt has taken over [JOB-6].
    package func commit(_ checkpoint: [UInt8], commits: inout UInt64) throws(PluginError) {
        var sealed = commits
        let status = withBytes(checkpoint) { table.pointee.commit?(table, call.pointer, $0, commits, &sealed) }
        try check(status, "arena.job/1 commit")
        commits = sealed
    }
}
