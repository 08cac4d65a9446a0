package import ArenaJSON
import CArenaPlugin

/// What an attempt of a job starts from.
package struct JobStart: Sendable {
    package var jobID: String
    /// 1, 2, …
    package var attempt: Int
    /// An object that the host has checked against the manifest's schema.
    package var payload: JSONValue
    /// Of the last sealed commit of any earlier attempt; empty: start at the beginning.
    package var checkpoint: [UInt8]
    /// Number of commits sealed so far.
    package var commits: UInt64

    package init(jobID: String, attempt: Int, payload: JSONValue, checkpoint: [UInt8] = [], commits: UInt64 = 0) {
        self.jobID = jobID
        self.attempt = attempt
        self.payload = payload
        self.checkpoint = checkpoint
        self.commits = commits
    }

    init(_ start: UnsafePointer<arena_job_open>) throws(PluginError) {
        self.init(
            jobID: start.pointee.job_id.string, attempt: Int(start.pointee.attempt),
            payload: try start.pointee.payload_json.json("The payload"),
            checkpoint: start.pointee.checkpoint.array, commits: start.pointee.checkpoint_seq)
    }
}

/// Something wrong with a payload that the schema cannot see.
package struct PayloadIssue: Sendable {
    /// JSON Pointer into the payload.
    package var pointer: String
    package var message: String
    package var hint: String?

    package init(_ pointer: String, _ message: String, hint: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }

    var json: JSONValue {
        ["pointer": .string(pointer), "message": .string(message), "hint": .string(hint ?? "")]
    }
}

/// A kind of job. One value is made per attempt; its functions run on one thread.
///
/// Killed at any instant and run again from its last checkpoint, a job gives the same records and result [JOB-1].
package protocol JobKind: SendableMetatype {
    /// Begins an attempt. Throws for a payload or checkpoint that it cannot use.
    init(_ start: JobStart) throws(PluginError)

    /// Does the work and returns the result, an object. Blocks until done.
    mutating func run(_ call: PluginCall, _ services: Services) throws(PluginError) -> JSONValue

    /// Says what is wrong with a payload. Pure; within a second. Default: nothing.
    static func issues(in payload: JSONValue) -> [PayloadIssue]

    /// `{"units", "seconds", "cost_usd"}`, each optional. Default: `nil`, nothing is known.
    static func estimate(_ payload: JSONValue) -> JSONValue?
}

extension JobKind {
    package static func issues(in payload: JSONValue) -> [PayloadIssue] { [] }
    package static func estimate(_ payload: JSONValue) -> JSONValue? { nil }
}

/// The table of the job kind number `slot`.
func jobKindTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_job_kind_v1()
    table.struct_size = UInt32(MemoryLayout<arena_job_kind_v1>.size)
    table.open = KindSlots.open[slot]
    table.validate = KindSlots.validate[slot]
    table.estimate = KindSlots.estimate[slot]
    table.run = { pointer, call, sink in
        PluginCall.run(call) { call throws(PluginError) in
            let job = try Box<any JobKind>.at(pointer)
            let result = try job.value.run(call, Services(call: call, host: PluginLibrary.host))
            return write(result, to: sink)
        }
    }
    table.close = { Box<any JobKind>.release($0) }
    return UnsafeRawPointer(permanent(table))
}
