import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaRuntime
import ArgumentParser

struct LaneCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Examine a lane: health, what answers, its models, and one small question.",
        discussion: "Example: arena lane check mine")

    @Argument(help: "The lane.")
    var id: String

    @Flag(name: .customLong("no-chat"), help: "Ask no question, so that no model is loaded for it.")
    var skipsChat = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let check = LaneCheck(lane: try runtime.lanes.lane(id), lanes: runtime.lanes, asks: !skipsChat)
            let (report, failure) = await check.run()
            Console.current.answer(report) { Presentation.laneCheck(report, $0) }
            if let failure { throw failure }
        }
    }
}

/// One look at a lane, step by step; what fails ends it.
private struct LaneCheck {
    let lane: LaneDefinition
    let lanes: LaneService
    let asks: Bool

    /// `{"id", "type", "base_url"?, "ok", "steps": [{"step", "ok", "ms", …}], "identity", "models", "chat"?}`
    func run() async -> (report: JSONValue, failure: Failure?) {
        var report: JSONObject = ["id": .string(lane.id), "type": .string(lane.type)]
        if let endpoint = lane.endpoint { report["base_url"] = .string(endpoint.baseURL) }
        if let model = lane.model { report["model"] = .string(model) }
        var steps: [JSONValue] = []
        var failure: Failure?
        func step(_ name: String, _ body: () async throws -> JSONValue) async {
            guard failure == nil else { return }
            let started = monotonicNanoseconds()
            var entry: JSONObject = ["step": .string(name)]
            do {
                report[name] = try await body()
                entry["ok"] = true
            } catch {
                let found = Failure(error)
                failure = found
                entry["ok"] = false
                entry["error"] = Console.document(found)
            }
            entry["ms"] = JSONValue(Double((monotonicNanoseconds() - started) / 1000) / 1000)
            steps.append(.object(entry))
        }
        await step("identity") { try await lanes.identity(of: lane) }
        await step("health") {
            let health = await lanes.health(of: lane)
            guard health.isHealthy else {
                throw Failure(
                    code: "lane.unhealthy", category: .unavailable,
                    message: "Lane \(lane.id) is not well: \(health.reason)")
            }
            return ["ok": true]
        }
        await step("models") { try await lanes.models(of: lane) }
        if asks { await step("chat") { try await chat() } }
        report["ok"] = .bool(failure == nil)
        report["steps"] = .array(steps)
        return (.object(report), failure)
    }

    /// A small question: what counts is that an answer comes and when it begins, not what it says.
    private func chat() async throws -> JSONValue {
        let answer = try await lanes.perform([
            "lane": .string(lane.id), "op": "chat",
            "request": [
                "messages": [["role": "user", "content": "Say hello."]], "max_tokens": 8, "temperature": 0,
            ],
        ]) { _ in }
        var short: JSONObject = [:]
        for name in ["content", "finish_reason", "usage", "model", "latency_ms"] { short[name] = answer[name] }
        short["first_token_ms"] = answer["meta"]?["first_token_ms"]
        return .object(short)
    }
}
