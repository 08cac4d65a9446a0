import ArenaJSON
import ArenaPluginKit
import CArenaPlugin
import Testing

/// A scorer in a few lines, as an author would write it.
struct Polite: ScorerPlugin {
    let word: String

    init(config: JSONValue) throws(PluginError) {
        guard let word = config["word"]?.string else {
            throw PluginError(.invalidArgument, code: "polite.config", "The word is missing.", hint: "Say which.")
        }
        self.word = word
    }

    func score(_ item: ScoreItem) -> Score {
        item.output.contains(word) ? Score(1, .ok, "It is polite.") : Score(0.25, .wrong, pass: false, "Rude.")
    }
}

/// A job that counts to `to`, one commit a number.
struct Count: JobKind {
    private let start: JobStart

    init(_ start: JobStart) throws(PluginError) { self.start = start }

    static func issues(in payload: JSONValue) -> [PayloadIssue] {
        payload["to"]?.int ?? 0 > 9 ? [PayloadIssue("/to", "That is too far.")] : []
    }

    mutating func run(_ call: PluginCall, _ services: Services) throws(PluginError) -> JSONValue {
        try call.checkCancellation()
        let job = try services.job()
        var commits = start.commits
        try job.commit([1], commits: &commits)
        return ["commits": JSONValue(commits), "attempt": JSONValue(start.attempt)]
    }
}

@Suite(.serialized) struct SwiftPluginTests {
    @Test func offersWhatItDeclaresAndNothingElse() {
        #expect(library.entry.pointee.id.string == "example")
        #expect(library.entry.pointee.abi_major == ARENA_ABI_MAJOR)
        #expect(library.entry == library.entry, "static")
        #expect(table(ARENA_SCORER_1, "polite", as: arena_scorer_v1.self) != nil)
        #expect(table(ARENA_SCORER_1, "count", as: arena_scorer_v1.self) == nil)
        #expect(table(ARENA_JOB_KIND_1, "count", as: arena_job_kind_v1.self) != nil)
        #expect(table("arena.nonsense/1", "count", as: arena_job_kind_v1.self) == nil)
    }

    @Test func eachSlotHasItsOwnKindAndOneTooManyHasNoTable() throws {
        let last = PluginLibrary.maxKinds - Example.kinds.count - 1
        #expect(table(ARENA_SCORER_1, "filler\(last + 1)", as: arena_scorer_v1.self) == nil)
        let scorer = try #require(table(ARENA_SCORER_1, "filler\(last)", as: arena_scorer_v1.self))
        let call = RecordingCall()
        var instance: UnsafeMutableRawPointer?
        let made = lend(#"{"word":"please"}"#) { config in call.lend { scorer.pointee.create($0, config, &instance) } }
        #expect(made == ARENA_OK)
        scorer.pointee.destroy(instance)
    }

    @Test func scoresThroughTheTable() throws {
        let scorer = try #require(table(ARENA_SCORER_1, "polite", as: arena_scorer_v1.self))
        let call = RecordingCall()
        var instance: UnsafeMutableRawPointer?
        let made = lend(#"{"word":"please"}"#) { config in call.lend { scorer.pointee.create($0, config, &instance) } }
        #expect(made == ARENA_OK)
        defer { scorer.pointee.destroy(instance) }
        for (text, value, flags) in [("yes please", 1.0, UInt32(0)), ("now", 0.25, ARENA_SCORE_PASS_KNOWN)] {
            var output = arena_score_output()
            output.struct_size = UInt32(MemoryLayout<arena_score_output>.size)
            let status = lend(text) { text in
                var input = arena_score_input()
                input.struct_size = UInt32(MemoryLayout<arena_score_input>.size)
                input.output = text
                return call.lend { scorer.pointee.score(instance, $0, &input, &output, nil) }
            }
            #expect(status == ARENA_OK)
            #expect(output.value == value)
            #expect(output.flags == flags)
        }
    }

    @Test func saysWhyACallFails() throws {
        let scorer = try #require(table(ARENA_SCORER_1, "polite", as: arena_scorer_v1.self))
        let call = RecordingCall()
        var instance: UnsafeMutableRawPointer?
        let status = call.lend { scorer.pointee.create($0, arena_str(), &instance) }
        #expect(status == ARENA_INVALID_ARGUMENT)
        #expect(instance == nil)
        #expect(call.message == "The word is missing.")
        #expect(call.detail == ["code": "polite.config", "hint": "Say which."])
        _ = lend("{") { config in call.lend { scorer.pointee.create($0, config, &instance) } }
        #expect(call.detail["code"] == "plugin.malformed_json")
    }

    @Test func validatesAndRunsAJob() throws {
        let kind = try #require(table(ARENA_JOB_KIND_1, "count", as: arena_job_kind_v1.self))
        let call = RecordingCall()
        for (payload, issues) in [("{}", 0), (#"{"to": 10}"#, 1)] {
            let sink = CollectingSink()
            let status = lend(payload) { payload in
                call.lend { call in sink.lend { kind.pointee.validate(call, payload, $0) } }
            }
            #expect(status == ARENA_OK)
            #expect(try JSONValue(parsing: sink.bytes).array?.count == issues)
        }
        let host = JobHost()
        #expect(try attempt(kind, call, host) == ["commits": 5, "attempt": 2])
    }

    @Test func passesOnWhatAServiceRefuses() throws {
        let kind = try #require(table(ARENA_JOB_KIND_1, "count", as: arena_job_kind_v1.self))
        let call = RecordingCall()
        let host = JobHost()
        host.commitStatus = ARENA_ABORTED
        #expect(try attempt(kind, call, host) == .null)
        #expect(call.status == nil, "the service has said why")
        host.isThere = false
        #expect(try attempt(kind, call, host) == .null)
        #expect(call.detail["code"] == "plugin.service_missing")
        #expect(call.detail["retry"] == false)
    }

    private func attempt(
        _ kind: UnsafePointer<arena_job_kind_v1>, _ call: RecordingCall, _ host: JobHost
    ) throws -> JSONValue {
        let sink = CollectingSink()
        let status = call.lend { call in
            host.lend { host in
                #expect(library.entry.pointee.`init`(call, host) == ARENA_OK)
                defer { library.entry.pointee.shutdown() }
                var start = arena_job_open()
                start.struct_size = UInt32(MemoryLayout<arena_job_open>.size)
                start.attempt = 2
                start.checkpoint_seq = 4
                var job: UnsafeMutableRawPointer?
                #expect(kind.pointee.open(call, &start, &job) == ARENA_OK)
                defer { kind.pointee.close(job) }
                return sink.lend { kind.pointee.run(job, call, $0) }
            }
        }
        return status == ARENA_OK ? try JSONValue(parsing: sink.bytes) : .null
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_795_252_507_042, "2026-11-21T09:15:07.042Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func writesTimesAsRFC3339(_ milliseconds: Int64, _ text: String) {
        #expect(rfc3339(unixMilliseconds: milliseconds) == text)
    }
}
