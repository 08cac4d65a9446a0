import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Synchronization
import Testing

/// The main job over a real llama.cpp server with a tiny model: what is killed costs time, never a score.
@Suite(
    .startsProcesses, .serialized, .timeLimit(.minutes(3)),
    .enabled(
        if: RealServer.isInstalled,
        "the llama.cpp server is not installed: `script/real-lane --tiny --install` needs the network once"))
struct RealLaneTests {
    private static let items = 40

    /// An empty home with the server added as the lane `tiny`.
    private func withLane(_ body: (String, RealServer, ArenaStore) async throws -> Void) async throws {
        let server = try await RealServer()
        defer { server.end() }
        try await EvaluationRun.withHome { home in
            let add = try await CommandRun(
                ["lane", "add", "tiny", "--url", server.url, "--model", RealServer.model, "--json"], home: home)
            #expect(add.status == 0, "\(add.errors)")
            #expect(add.json["identity"]?["server"] == "llama-server")
            let store = try await ArenaStore.open(path: home + "/arena.db")
            try await body(home, server, store)
            try await store.close()
        }
    }

    /// Short answers; a commit is made after 16 of them, or each second.
    private func evaluation(_ home: String) throws -> EvaluationRun {
        try EvaluationRun(home: home, bench: "general-choice", lane: "tiny", items: Self.items)
    }

    /// Returns once the run has sealed some of its scores, which takes a commit.
    private func waitForScores(_ run: EvaluationRun, _ store: ArenaStore) async throws -> JobRecord {
        while run.isRunning {
            if let job = try await store.jobs(JobFilter()).first, job.checkpointSeq > 0 { return job }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw RealServer.Failed(description: "the run ended before it sealed anything")
    }

    @Test func aKilledHostGoesOnScoresEveryItemOnceAndTheExportIsComplete() async throws {
        try await withLane { home, _, store in
            let run = try evaluation(home)
            defer { run.killIfRunning() }
            let half = try await waitForScores(run, store)
            #expect(await run.kill(), "it was half-way")
            let dead = try #require(try await store.job(half.id))
            #expect(dead.status == .running)

            #expect(try await evaluation(home).exitStatus() == 0)
            try await EvaluationRun.check(store, items: Self.items)
            let job = try #require(try await store.job(half.id))
            let ends = try await store.attempts(ofJob: job.id).map(\.end)
            #expect(ends == [.lost, .done])
            #expect(job.result?["n_infrastructure"] == 0)
            #expect(job.result?["model"]?.string == RealServer.model)
            let scores = try await store.evalScores(ofRun: try #require(job.result?["eval_run_id"]?.string))
            #expect(scores.allSatisfy { $0.output?.isEmpty == false && $0.latencyMilliseconds != nil })

            try await checkExports(home, job, Set(scores.map(\.itemID)))
        }
    }

    private func checkExports(_ home: String, _ job: JobRecord, _ items: Set<String>) async throws {
        let csv = try await CommandRun(["export", "csv", "--out", home + "/csv", "--json"], home: home)
        #expect(csv.status == 0, "\(csv.errors)")
        let rows = csv.json["files"]?.array?.map { [$0["name"] ?? .null, $0["rows"] ?? .null] }
        #expect(rows == [["eval_runs.csv", 1], ["eval_scores.csv", JSONValue(Self.items)], ["jobs.csv", 1]])
        let lines = try String(contentsOfFile: home + "/csv/eval_scores.csv", encoding: .utf8)
            .components(separatedBy: "\r\n").dropLast()
        let column = try #require(lines.first?.split(separator: ",").firstIndex(of: "item_id"))
        let found = lines.dropFirst().map { String($0.split(separator: ",")[column]) }
        #expect(found.count == Self.items && Set(found) == items)

        let mirror = try await CommandRun(["export", "mirror_json", "--out", home + "/mirror", "--json"], home: home)
        #expect(mirror.status == 0, "\(mirror.errors)")
        let runs = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: home + "/mirror/runs.json"))))
        #expect(runs.text().contains(try #require(job.result?["eval_run_id"]?.string)))
        let board = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: home + "/mirror/leaderboard.json"))))
        #expect(board.text().contains(#""lane_id":"tiny""#), "\(board.text())")
    }

    @Test func aServerThatIsKilledIsAFailureOfTheMachineryAndNoScore() async throws {
        try await withLane { home, server, store in
            let run = try evaluation(home)
            defer { run.killIfRunning() }
            let half = try await waitForScores(run, store)
            server.kill()
            var lost: AttemptRecord?
            while run.isRunning, lost == nil {
                lost = try await store.attempts(ofJob: half.id).first { $0.end == .failed }
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(lost?.failure?.category == .unavailable)
            #expect(lost?.failure?.message.contains("tiny") == true, "\(lost?.failure?.message ?? "no failure")")
            #expect(lost?.failure?.hint?.isEmpty == false)
            let check = try await CommandRun(["lane", "check", "tiny", "--json"], home: home)
            #expect(check.status == 69)

            // The run waits for it: the next attempt after it is back goes on.
            let again = try await RealServer(port: server.port)
            defer { again.end() }
            #expect(await run.exitStatus() == 0)
            try await EvaluationRun.check(store, items: Self.items)
            let result = try #require(try await store.job(half.id)?.result)
            #expect(result["n_infrastructure"] == 0)
            let scores = try await store.evalScores(ofRun: try #require(result["eval_run_id"]?.string))
            #expect(scores.allSatisfy { $0.output?.isEmpty == false })
        }
    }

    @Test func aLaneIsExaminedAndAnswersInPieces() async throws {
        try await withLane { home, server, _ in
            let check = try await CommandRun(["lane", "check", "tiny", "--json"], home: home)
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.json["steps"]?.array?.compactMap { $0["step"]?.string } == Self.steps)
            #expect(check.json["models"]?[0]?["id"]?.string == RealServer.model)
            #expect(check.json["chat"]?["usage"]?["completion_tokens"] == 8)

            let lane = LaneDefinition(
                id: "tiny", type: "openai", title: "Tiny", endpoint: LaneEndpoint(server.url), model: RealServer.model)
            try await TestHouse.withHouse(lanes: [lane]) { house in
                await house.runtime.registry.refresh()
                let pieces = Mutex<[String]>([])
                let answer = try await house.runtime.lanes.perform([
                    "lane": "tiny", "op": "chat", "stream": true,
                    "request": ["messages": [["role": "user", "content": "Hello"]], "max_tokens": 12],
                ]) { delta in
                    pieces.withLock { $0.append(delta["text"]?.string ?? "") }
                }
                let heard = pieces.withLock { $0 }
                #expect(heard.count > 1)
                #expect(answer["content"]?.string == heard.joined())
                #expect(answer["usage"]?["completion_tokens"] == 12)
                #expect(answer["finish_reason"] == "length")
                let first = try #require(answer["meta"]?["first_token_ms"]?.double)
                #expect(first <= (answer["latency_ms"]?.double ?? 0))
            }
        }
    }

    private static let steps = ["identity", "health", "models", "chat"]
}
