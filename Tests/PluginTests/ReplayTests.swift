import ArenaJSON
import CArenaPlugin
import Glibc
import Testing

@Suite struct ReplayTests {
    static let model = "gemma-3-270m-q4_k_m"

    static func recordings() throws -> [JSONValue] {
        try repositoryFile("Plugins/replay/recordings.jsonl").split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
    }

    @Test(arguments: BenchFiles.ids)
    func answersEveryItemOfABundledBenchAsTheModelDid(_ id: String) throws {
        let bench = try BenchFiles(id)
        let lane = try EngineLane()
        let recorded = try Self.recordings()
        for row in bench.rows {
            let reply = try lane.chat(["messages": bench.messages(row), "max_tokens": 5, "temperature": 0.7])
            let original = recorded.first {
                $0["bench_id"]?.string == id && $0["item_id"]?.string == row["id"]?.string
            }
            #expect(reply.pieces.joined() == original?["content"]?.string)
            #expect(reply.finishReason == original?["finish_reason"]?.string)
            #expect(reply.usage == original?["usage"])
            #expect(reply.meta["key"] == original?["key"])
            #expect(reply.meta["timings"] == original?["timings"])
        }
    }

    @Test func namesTheOriginOfAnAnswer() throws {
        let bench = try BenchFiles("arithmetic-words")
        let reply = try EngineLane().chat(["model": .string(Self.model), "messages": bench.messages(bench.rows[0])])
        let header = try Self.recordings()[0]
        for name in ["model", "file", "file_sha256", "source", "sampling", "recorded_at"] {
            #expect(reply.meta[name] == header[name])
            #expect(reply.meta[name] != nil)
        }
    }

    @Test func holdsWrongAnswersToo() throws {
        let bench = try BenchFiles("arithmetic-words")
        let lane = try EngineLane()
        let items = try bench.rows.map { row in
            let reply = try lane.chat(["messages": bench.messages(row)])
            let meta: JSONValue = ["finish_reason": .string(reply.finishReason)]
            return (reply.pieces.joined(), [row["answer"]?.string ?? ""], meta.text(.compact))
        }
        let judged = try TextScorer("numeric_match", config: #"{"relative_tolerance": 0.001}"#).judge(items)
        let right = judged.count { $0.output.value == 1 }
        #expect((1..<judged.count).contains(right))
        #expect(judged.contains { $0.output.reason == ARENA_REASON_LENGTH })
    }

    @Test(arguments: [
        #"{"messages": [{"role": "user", "content": "Never asked"}]}"#,
        #"{"messages": []}"#,
        #"{"model": "gemma-3-270m-q4_k_m", "messages": [{"role": "user", "content": "Tom has 3 apples"}]}"#,
    ])
    func doesNotMakeUpAnAnswer(_ request: String) throws {
        let lane = try EngineLane()
        let error = try #require(throws: EngineLane.Refused.self) { try lane.chat(text: request) }
        #expect(error.failure.status == ARENA_NOT_FOUND)
        #expect(error.failure.code == "replay.no_recording")
        #expect(error.failure.detail["hint"]?.string?.contains("script/record-replay") == true)
        #expect(!error.failure.message.contains("apples"), "a message carries no prompt")
    }

    @Test(arguments: [
        (#"{"model": "gpt-9", "messages": []}"#, ARENA_NOT_FOUND, "replay.unknown_model"),
        (#"{"model": "x"}"#, ARENA_INVALID_ARGUMENT, "replay.request"),
        (#"{"messages": "hello"}"#, ARENA_INVALID_ARGUMENT, "replay.request"),
        ("[]", ARENA_INVALID_ARGUMENT, "replay.request"), ("{", ARENA_INVALID_ARGUMENT, "replay.request"),
        ("", ARENA_INVALID_ARGUMENT, "replay.request"),
    ])
    func saysWhatIsWrongWithARequest(_ request: String, _ status: arena_status, _ code: String) throws {
        let lane = try EngineLane()
        let error = try #require(throws: EngineLane.Refused.self) { try lane.chat(text: request) }
        #expect(error.failure.status == status)
        #expect(error.failure.code == code)
    }

    @Test func findsTheSameRecordingHoweverTheRequestIsWritten() throws {
        let bench = try BenchFiles("general-choice")
        let system = try #require(bench.messages(bench.rows[0])[0]?["content"])
        let user = try #require(bench.messages(bench.rows[0])[1]?["content"]?.string)
        let escaped = user.unicodeScalars.map { "\\u" + Self.hex4($0.value) }.joined()
        let request = """
            { "temperature" : 0.0, "messages" : [ {"content": \(system.text(.compact)) , "role":"system"},
              {"content":"\(escaped)","role":"us\\u0065r"} ], "stream": true }
            """
        #expect(try EngineLane().chat(text: request).pieces.joined() == Self.recordings()[65]["content"]?.string)
    }

    private static func hex4(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    @Test func saysThatItIsWellAndWhichModelItHas() throws {
        let lane = try EngineLane()
        #expect(try lane.health()["ok"]?.bool == true)
        let models = try lane.models()
        #expect(models.map { $0["id"]?.string } == [Self.model])
        #expect(models[0]["recordings"]?.int == (try Self.recordings().count - 1))
        #expect(models[0]["file_sha256"]?.string?.count == 64)
    }

    @Test func stopsWhenCancelledOrWhenNothingMoreIsWanted() throws {
        let bench = try BenchFiles("arithmetic-words")
        let request: JSONValue = ["messages": bench.messages(bench.rows[0])]
        let lane = try EngineLane()
        for poll in [1, 2] {
            let error = try #require(throws: EngineLane.Refused.self) { try lane.chat(request, cancelledAtPoll: poll) }
            #expect(error.failure.status == ARENA_CANCELLED)
        }
        let error = try #require(throws: EngineLane.Refused.self) { try lane.chat(request, sinkFailsAt: 0) }
        #expect(error.failure.status == ARENA_RESOURCE_EXHAUSTED)
    }

    @Test func readsAnotherFile() throws {
        let file = try TemporaryFile(
            """
            {"format":"arena.recordings/1","model":"m1"}
            {"key":"\(String(repeating: "0", count: 64))","content":"x","finish_reason":"stop"}

            {"format":"arena.recordings/1","model":"m2"}
            {"key":"\(String(repeating: "1", count: 64))","content":"","finish_reason":"length"}
            """)
        let lane = try EngineLane(config: #"{"recordings": "\#(file.path)"}"#)
        #expect(try lane.models().map { $0["id"]?.string } == ["m1", "m2"])
        #expect(try lane.models().map { $0["recordings"]?.int } == [1, 1])
    }

    @Test(arguments: [
        ("{", "Line 1"), ("\n\n[]", "Line 3"), (#"{"key":"x"}"#, "a header must come first"),
        (#"{"format":"arena.recordings/2","model":"m"}"#, "arena.recordings/1"),
        (#"{"format":"arena.recordings/1"}"#, "no model"),
        ("{\"format\":\"arena.recordings/1\",\"model\":\"m\"}\n{\"key\":\"short\"}", "Line 2"),
    ])
    func saysWhichLineOfAFileIsWrong(_ content: String, _ words: String) throws {
        let file = try TemporaryFile(content)
        let error = try #require(throws: EngineLane.Refused.self) {
            try EngineLane(config: #"{"recordings": "\#(file.path)"}"#)
        }
        #expect(error.failure.code == "replay.recordings")
        #expect(error.failure.message.contains(words))
    }

    @Test func saysThatAFileIsNotThere() throws {
        let error = try #require(throws: EngineLane.Refused.self) {
            try EngineLane(config: #"{"recordings": "nowhere.jsonl"}"#)
        }
        #expect(error.failure.status == ARENA_FAILED_PRECONDITION)
        #expect(error.failure.message.contains("nowhere.jsonl\" cannot be read"))
    }

    @Test func isNotWellWithoutRecordings() throws {
        let file = try TemporaryFile(#"{"format":"arena.recordings/1","model":"m"}"#)
        #expect(try EngineLane(config: #"{"recordings": "\#(file.path)"}"#).health()["ok"]?.bool == false)
    }
}

/// A file that is gone when this object is.
final class TemporaryFile {
    let path: String

    init(_ content: String) throws {
        var template = Array("/tmp/arena-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        var content = content
        let written = content.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        if written < 0 { throw BuiltPlugin.Missing(description: "cannot write \(path)") }
    }

    deinit { unlink(path) }
}
