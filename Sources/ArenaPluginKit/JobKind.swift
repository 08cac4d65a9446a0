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
    table.open = openers[slot]
    table.validate = validators[slot]
    table.estimate = estimators[slot]
    table.run = { pointer, call, sink in
        PluginCall.run(call) { call throws(PluginError) in
            guard let pointer else { throw missingJob }
            let job = Box<any JobKind>.from(pointer)
            let result = try job.value.run(call, Services(call: call, host: PluginLibrary.host))
            return write(result, to: sink)
        }
    }
    table.close = { Box<any JobKind>.release($0) }
    return UnsafeRawPointer(permanent(table))
}

private let missingJob = PluginError(.internalError, code: "plugin.no_job", "There is no such job kind or attempt.")

private func jobKind(_ slot: Int) throws(PluginError) -> any JobKind.Type {
    guard let kinds = PluginLibrary.current?.jobKinds, slot < kinds.count else { throw missingJob }
    return kinds[slot]
}

private typealias Opener =
    @convention(c) (
        UnsafePointer<arena_call>?, UnsafePointer<arena_job_open>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> arena_status

private typealias PayloadReader =
    @convention(c) (UnsafePointer<arena_call>?, arena_str, UnsafePointer<arena_sink>?) -> arena_status

// A C function knows its kind only by being the function of that kind: one of each for every slot.
private let openers: [Opener] = [
    { open(0, $0, $1, $2) }, { open(1, $0, $1, $2) }, { open(2, $0, $1, $2) }, { open(3, $0, $1, $2) },
    { open(4, $0, $1, $2) }, { open(5, $0, $1, $2) }, { open(6, $0, $1, $2) }, { open(7, $0, $1, $2) },
]
private let validators: [PayloadReader] = [
    { validate(0, $0, $1, $2) }, { validate(1, $0, $1, $2) }, { validate(2, $0, $1, $2) }, { validate(3, $0, $1, $2) },
    { validate(4, $0, $1, $2) }, { validate(5, $0, $1, $2) }, { validate(6, $0, $1, $2) }, { validate(7, $0, $1, $2) },
]
private let estimators: [PayloadReader] = [
    { estimate(0, $0, $1, $2) }, { estimate(1, $0, $1, $2) }, { estimate(2, $0, $1, $2) }, { estimate(3, $0, $1, $2) },
    { estimate(4, $0, $1, $2) }, { estimate(5, $0, $1, $2) }, { estimate(6, $0, $1, $2) }, { estimate(7, $0, $1, $2) },
]

private func open(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ start: UnsafePointer<arena_job_open>?,
    _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        guard let start = start?.pointee, let out else { throw missingJob }
        let attempt = JobStart(
            jobID: start.job_id.string, attempt: Int(start.attempt),
            payload: try start.payload_json.json("The payload"),
            checkpoint: start.checkpoint.array, commits: start.checkpoint_seq)
        out.pointee = Box<any JobKind>(try jobKind(slot).init(attempt)).retained()
        return ARENA_OK
    }
}

private func validate(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ payload: arena_str, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        let issues = try jobKind(slot).issues(in: payload.json("The payload"))
        let list = issues.map { issue -> JSONValue in
            ["pointer": .string(issue.pointer), "message": .string(issue.message), "hint": .string(issue.hint ?? "")]
        }
        return write(.array(list), to: sink)
    }
}

private func estimate(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ payload: arena_str, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        write(try jobKind(slot).estimate(payload.json("The payload")) ?? .object([:]), to: sink)
    }
}
