import ArenaCore
import CArenaPlugin

/// A job kind that a library provides.
package struct JobKind: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    private let table: ForeignTable<arena_job_kind_v1>

    /// What the host keeps of a result, a plan or a list of issues, in bytes.
    package static let resultLimit = 8 << 20

    fileprivate init(kind: String, table: ForeignTable<arena_job_kind_v1>) {
        self.kind = kind
        self.table = table
    }

    /// What an attempt starts from.
    package struct Start: Sendable {
        package var jobID: String
        /// From 1.
        package var attempt: UInt32
        /// A JSON object.
        package var payload: String
        /// Of the last sealed commit; empty: start at the beginning.
        package var checkpoint: [UInt8]
        /// The number of commits sealed so far.
        package var sequence: UInt64

        package init(
            jobID: String, attempt: UInt32, payload: String, checkpoint: [UInt8] = [], sequence: UInt64 = 0
        ) {
            self.jobID = jobID
            self.attempt = attempt
            self.payload = payload
            self.checkpoint = checkpoint
            self.sequence = sequence
        }
    }

    /// What is wrong with a payload that its schema cannot see, a JSON array as the plugin wrote it. [worker,
    /// reentrant]
    package func validate(payload: String, in call: CallContext) throws(CallFailure) -> String {
        guard let validate = table.functions.validate else { return "[]" }
        let sink = CollectingSink("list of issues", limit: Self.resultLimit, in: call)
        try call.perform("validate") { call in payload.lend { text in sink.with { validate(call, text, $0) } } }
        return try sink.text()
    }

    /// How much work a payload is: a JSON object as the plugin wrote it, or empty. [worker, reentrant]
    package func estimate(payload: String, in call: CallContext) throws(CallFailure) -> String {
        guard let estimate = table.functions.estimate else { return "" }
        let sink = CollectingSink("plan", limit: Self.resultLimit, in: call)
        try call.perform("estimate") { call in payload.lend { text in sink.with { estimate(call, text, $0) } } }
        return try sink.text()
    }

    /// Runs one attempt to its end: open, run, close. [worker]
    ///
    /// - Returns: The result, one JSON object as the plugin wrote it.
    package func run(_ start: Start, in call: CallContext) throws(CallFailure) -> String {
        guard let run = table.functions.run else { throw .fault("The job kind has no `run`.") }
        let object = try open(start, in: call)
        defer { table.functions.close?(object) }
        let sink = CollectingSink("result", limit: Self.resultLimit, in: call)
        try call.perform("run") { call in sink.with { run(object, call, $0) } }
        return try sink.text()
    }

    private func open(_ start: Start, in call: CallContext) throws(CallFailure) -> UnsafeMutableRawPointer? {
        guard let open = table.functions.open else { throw .fault("The job kind has no `open`.") }
        var object: UnsafeMutableRawPointer?
        var job = arena_job_open()
        job.struct_size = UInt32(MemoryLayout<arena_job_open>.size)
        job.attempt = start.attempt
        job.checkpoint_seq = start.sequence
        try call.perform("open") { call in
            start.jobID.lend { jobID in
                start.payload.lend { payload in
                    start.checkpoint.withUnsafeBytes { checkpoint in
                        job.job_id = jobID
                        job.payload_json = payload
                        job.checkpoint = arena_bytes(checkpoint)
                        return open(call, &job, &object)
                    }
                }
            }
        }
        return object
    }
}

extension PluginLibrary {
    /// The job kind of a name.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func jobKind(_ kind: String) throws(PluginABIError) -> JobKind {
        JobKind(kind: kind, table: try table(.jobKind, kind: kind))
    }
}
