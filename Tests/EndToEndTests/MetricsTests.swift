import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Testing

/// `/metrics` of a server whose jobs are run.
@Suite(.startsProcesses, .timeLimit(.minutes(1)))
struct MetricsTests {
    @Test func aScrapeCountsWhatHappenedSinceTheServerStarted() async throws {
        try await TestHouse.withHouse { house in
            let runtime = house.runtime
            await runtime.registry.refresh()
            try await Self.runJob(runtime)
            try await HouseServer.run(on: runtime) { server in
                let before = try await Self.scrape(server)
                #expect(before[#"arena_jobs{kind="sleep/sleep",status="done"}"#] == 1)
                #expect(before[#"arena_jobs_ended_total{kind="sleep/sleep",outcome="done"}"#] == 0)
                try await Self.runJob(runtime)
                // Within a second of the last scrape the figures are the same.
                var after = before
                while after == before || after[#"arena_jobs_ended_total{kind="sleep/sleep",outcome="done"}"#] == 0 {
                    after = try await Self.scrape(server)
                }
                #expect(after[#"arena_jobs{kind="sleep/sleep",status="done"}"#] == 2)
                #expect(after[#"arena_jobs_ended_total{kind="sleep/sleep",outcome="done"}"#] == 1)
                #expect(after[#"arena_jobs_ended_total{kind="sleep/sleep",outcome="failed"}"#] == 0)
                #expect(after[#"arena_job_attempts_total{kind="sleep/sleep",outcome="done"}"#] == 1)
                for name in ["arena_job_queue_wait_seconds", "arena_job_run_duration_seconds"] {
                    #expect(after[#"\#(name)_count{kind="sleep/sleep"}"#] == 1)
                    #expect(after[#"\#(name)_bucket{kind="sleep/sleep",le="+Inf"}"#] == 1)
                }
                #expect(after["arena_job_leases"] == 0)
                #expect(try #require(after["process_resident_memory_bytes"]) > 1_000_000)
                #expect(try #require(after["process_start_time_seconds"]) > 1_700_000_000)
                #expect(after.keys.contains { $0.hasPrefix("arena_build_info{version=\"") })
            }
        }
    }

    private static func runJob(_ runtime: ArenaRuntime) async throws {
        let job = try await runtime.jobs.enqueue(
            JobRequest(kind: "sleep", payload: ["seconds": 0, "steps": 1], trigger: "test"))
        _ = try await runtime.makeDispatcher().runUntilFinished(job.job.id)
    }

    /// Series by what stands before their value. Every line is one, or says what a family is, which comes first.
    private static func scrape(_ server: HouseServer) async throws -> [String: Double] {
        let answer = try await server.send("GET", "/metrics")
        #expect(answer.status == 200 && answer.type == "text/plain")
        var families: [String: String] = [:]
        var series: [String: Double] = [:]
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# HELP ") { continue }
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                #expect(families.updateValue(String(words[3]), forKey: String(words[2])) == nil, "\(line)")
                continue
            }
            let end = try #require(line.lastIndex(of: " "))
            let name = line[..<end].prefix { $0 != "{" }
            let family = ["_bucket", "_sum", "_count", ""].map { suffix in
                name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : ""
            }.first { families[$0] != nil }
            let kind = families[try #require(family, "\(line)")]
            #expect((kind == "counter") == name.hasSuffix("_total"), "\(line)")
            let value = try #require(Double(line[line.index(after: end)...]), "\(line)")
            #expect(series.updateValue(value, forKey: String(line[..<end])) == nil, "\(line)")
        }
        return series
    }
}
