import ArenaJSON
import CArenaPlugin

/// A host in this process, with all services that the bundled job kinds use, each a C table over plain Swift values.
///
/// Used on one thread. A job runs through the tables of its plugin as it would in a child.
final class FakeHost {
    var store = FakeStore()
    var lane = FakeLane()
    var scoring = FakeScoring()
    /// The row of the view `bench` and those of `bench_items`; `nil`: there is no such bench.
    var bench: JSONValue?
    var items: [JSONValue] = []
    var withheld: Set<String> = []
    var unixMilliseconds: Int64 = 1_795_000_000_000
    private(set) var serviceCalls = 0
    /// From this service call on every one is refused with CANCELLED: the attempt is killed there.
    var diesAtServiceCall = Int.max
    private var monotonic: UInt64 = 1_000_000_000
    private let tables = FakeTables()

    func table(_ id: String) -> UnsafeRawPointer? { tables.table(id) }

    struct Outcome {
        var status: arena_status
        var text: String
        var call: FakeCall

        /// `nil` when the job failed.
        var result: JSONValue? { status == ARENA_OK ? try? JSONValue(parsing: text) : nil }
    }

    /// One attempt: init, open, run, close.
    func run(
        _ kind: String, _ payload: String, attempt: UInt32 = 1, cancelledAtPoll: Int = .max
    ) throws -> Outcome {
        let plugin = try BuiltPlugin(kind)
        guard let table = plugin.table(ARENA_JOB_KIND_1, kind, as: arena_job_kind_v1.self) else {
            throw BuiltPlugin.Missing(description: "no job kind \(kind)")
        }
        serviceCalls = 0
        store.beginAttempt()
        lane.beginAttempt()
        scoring.beginAttempt()
        let call = FakeCall()
        call.isCancelled = { $0 >= cancelledAtPoll }
        let sink = FakeSink()
        let status = withExtendedLifetime(self) {
            call.lend { call in
                sink.lend { sink in
                    tables.bind(self)
                    if let start = plugin.entry.pointee.`init` {
                        let status = start(call, tables.host)
                        if status != ARENA_OK { return status }
                    }
                    return attemptJob(table, call, sink, payload, attempt)
                }
            }
        }
        return Outcome(status: status, text: sink.text, call: call)
    }

    private func attemptJob(
        _ table: UnsafePointer<arena_job_kind_v1>, _ call: UnsafePointer<arena_call>,
        _ sink: UnsafePointer<arena_sink>, _ payload: String, _ attempt: UInt32
    ) -> arena_status {
        store.checkpoint.withUnsafeBufferPointer { checkpoint in
            lend("0123456789abcdef") { jobID in
                lend(payload) { payload in
                    var start = arena_job_open()
                    start.struct_size = UInt32(MemoryLayout<arena_job_open>.size)
                    start.attempt = attempt
                    start.job_id = jobID
                    start.payload_json = payload
                    start.checkpoint = arena_bytes(ptr: checkpoint.baseAddress, len: UInt64(checkpoint.count))
                    start.checkpoint_seq = UInt64(store.commits.count)
                    var job: UnsafeMutableRawPointer?
                    let status = table.pointee.open(call, &start, &job)
                    guard status == ARENA_OK else { return status }
                    defer { table.pointee.close(job) }
                    return table.pointee.run(job, call, sink)
                }
            }
        }
    }

    /// Counts a service call and says whether the attempt still lives.
    func serves() -> Bool {
        serviceCalls += 1
        return serviceCalls < diesAtServiceCall
    }

    /// Time goes on by a millisecond with every look at it.
    func tick() -> UInt64 {
        monotonic += 1_000_000
        unixMilliseconds += 1
        return monotonic
    }

    /// The page of a view, or `nil`.
    func page(_ name: String, _ parameters: JSONValue?, cursor: String, limit: Int) -> JSONValue? {
        guard let bench, parameters?["bench_id"] == bench["id"] else { return nil }
        if name == "bench" { return ["rows": [bench], "next": nil] }
        guard name == "bench_items" else { return nil }
        let all = items.prefix(parameters?["limit"]?.int ?? items.count)
        let start = Int(cursor) ?? 0
        let end = min(all.count, start + limit)
        return ["rows": .array(Array(all[start..<end])), "next": end < all.count ? .string(String(end)) : .null]
    }
}
