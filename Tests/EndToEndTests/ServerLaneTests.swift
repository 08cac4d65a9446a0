import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Synchronization
import Testing

/// A lane that is a server: a scripted one on loopback, asked through everything that lies between.
@Suite(.startsProcesses, .serialized)
struct ServerLaneTests {
    private static let items = 24

    private func withLane(
        _ model: ScriptedModel, timeout: Duration? = nil,
        _ body: (ArenaRuntime, StubServer) async throws -> Void
    ) async throws {
        let server = try StubServer { model.serve($0, $1) }
        defer { server.stop() }
        let endpoint = LaneEndpoint(
            server.url("/v1/"), headers: [LaneHeader("X-Who", "arena")], timeout: timeout)
        let lane = LaneDefinition(
            id: "scripted", type: "openai", title: "Scripted", endpoint: endpoint, model: "scripted")
        try await TestHouse.withHouse(lanes: [lane]) { house in
            await house.runtime.registry.refresh()
            try await body(house.runtime, server)
        }
    }

    private func evaluate(_ runtime: ArenaRuntime) async throws -> JobRecord {
        let enqueued = try await runtime.jobs.enqueue(
            JobRequest(
                kind: "eval_rerun",
                payload: [
                    "bench_id": "arithmetic-words", "lane_id": "scripted", "limit": JSONValue(Self.items),
                    "in_flight": 6,
                ], trigger: "test"))
        return try await runtime.makeDispatcher().runUntilFinished(enqueued.job.id)
    }

    private func chat(_ runtime: ArenaRuntime) async throws -> JSONValue {
        try await runtime.lanes.perform([
            "lane": "scripted", "op": "chat",
            "request": ["messages": [["role": "user", "content": "Hi"]], "made_up": 1],
        ]) { _ in }
    }

    @Test func answerHasItsUsageAndItsTimes() async throws {
        try await withLane(ScriptedModel()) { runtime, server in
            let answer = try await chat(runtime)
            #expect(answer["content"]?.string == "The answer is 7.")
            #expect(answer["finish_reason"]?.string == "stop")
            #expect(answer["usage"]?["completion_tokens"]?.int == 3)
            #expect(answer["model"]?.string == "scripted")
            let first = try #require(answer["meta"]?["first_token_ms"]?.double)
            let whole = try #require(answer["latency_ms"]?.double)
            #expect(first > 0 && first <= whole)
            let request = try #require(server.requests.last)
            #expect(request.path == "/v1/chat/completions")
            #expect(request.headers["x-who"] == "arena")
            let body = try JSONValue(parsing: request.body)
            #expect(body["model"]?.string == "scripted")
            #expect(body["made_up"]?.int == 1)
        }
    }

    @Test func connectionIsUsedAgain() async throws {
        try await withLane(ScriptedModel()) { runtime, server in
            for _ in 0..<5 { _ = try await chat(runtime) }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func tellsWhatAnswersAndCausesNoWork() async throws {
        let model = ScriptedModel()
        try await withLane(model) { runtime, _ in
            let lane = try runtime.lanes.lane("scripted")
            #expect(try await runtime.lanes.identity(of: lane)["server"]?.string == "openai-compatible")
            #expect(await runtime.lanes.health(of: lane).isHealthy)
            #expect(try await runtime.lanes.models(of: lane)[0]?["id"]?.string == "scripted")
            #expect(model.count.load(ordering: .relaxed) == 0)
        }
    }

    @Test func wholeEvaluationRunsOverAServer() async throws {
        let model = ScriptedModel()
        try await withLane(model) { runtime, _ in
            let job = try await evaluate(runtime)
            #expect(job.status == .done, "\(job.failure?.message ?? "")")
            #expect(job.result?["n_scored"]?.int == Self.items)
            #expect(model.count.load(ordering: .relaxed) == Self.items)
        }
    }

    @Test func serverThatDiesHalfWayCostsNoItemAndAsksNoneTwiceThatWasScored() async throws {
        // One answer breaks off in the middle; the next attempt goes on from what was sealed.
        let model = ScriptedModel { $0 == 13 ? .die : .answer }
        try await withLane(model) { runtime, _ in
            let job = try await evaluate(runtime)
            #expect(job.status == .done, "\(job.failure?.message ?? "")")
            #expect(job.attempts > 1)
            #expect(job.result?["n_scored"]?.int == Self.items)
            let run = try #require(job.result?["eval_run_id"]?.string)
            let scores = try await runtime.store.evalScores(ofRun: run)
            #expect(Set(scores.map(\.itemID)).count == Self.items)
            #expect(scores.count == Self.items)
        }
    }

    @Test func unreachableServerEndsTheRunBeforeTheFirstItem() async throws {
        try await withLane(ScriptedModel()) { runtime, server in
            server.stop()
            let job = try await evaluate(runtime)
            #expect(job.status == .failed)
            #expect(job.failure?.code == "lane.unreachable")
        }
    }

    @Test func unknownModelEndsTheRunAtOnce() async throws {
        let model = ScriptedModel { _ in
            .refuse(status: 404, body: #"{"error":{"message":"The model does not exist","code":"model_not_found"}}"#)
        }
        try await withLane(model) { runtime, _ in
            let job = try await evaluate(runtime)
            #expect(job.status == .failed)
            #expect(job.failure?.code == "lane.model_unknown")
        }
    }

    @Test func failureNamesLaneAndCure() async throws {
        let model = ScriptedModel { number in
            switch number {
            case 1: .refuse(status: 401, body: #"{"error":{"message":"Invalid API Key"}}"#)
            case 2: .refuse(status: 429, body: #"{"error":{"message":"busy"}}"#)
            default: .die
            }
        }
        try await withLane(model) { runtime, _ in
            for code in ["lane.unauthorized", "lane.busy", "lane.cut_off"] {
                let error = await #expect(throws: LaneError.self) { try await chat(runtime) }
                #expect(error?.code == code)
                #expect(error?.message.contains("scripted") == true)
                #expect(error?.hint?.isEmpty == false)
            }
        }
    }

    @Test func serverThatHangsIsGivenUpInTime() async throws {
        try await withLane(ScriptedModel { _ in .hang }, timeout: .milliseconds(300)) { runtime, _ in
            let error = await #expect(throws: LaneError.self) { try await chat(runtime) }
            #expect(error?.code == "lane.timed_out")
        }
    }
}
