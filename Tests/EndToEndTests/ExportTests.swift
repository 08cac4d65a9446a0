import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// What the bundled exporters make of real evaluations, and of a million rows.
@Suite(.startsProcesses, .serialized)
struct ExportTests {
    /// Runs `eval_rerun` to its end and gives the id of the evaluation.
    private func evaluate(_ house: TestHouse, bench: String, limit: Int) async throws -> String {
        let job = try await house.runtime.jobs.enqueue(
            JobRequest(
                kind: "eval_rerun",
                payload: ["bench_id": .string(bench), "lane_id": "replay", "limit": JSONValue(limit)],
                trigger: "test")
        ).job
        let done = try await house.runtime.makeDispatcher().runUntilFinished(job.id)
        return try #require(done.result?["eval_run_id"]?.string, "\(done.failure?.message ?? "")")
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\r\n").dropLast()
    }

    @Test func writesFinishedEvaluationsAsTheyAreInTheStore() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let words = try await evaluate(house, bench: "arithmetic-words", limit: 5)
            let choice = try await evaluate(house, bench: "general-choice", limit: 3)
            let all = try await house.runtime.export(ExportOrder(exporter: "csv"))
            #expect(all.path.hasPrefix(house.home + "/exports/csv-"))
            #expect(all.files.map(\.name) == ["eval_runs.csv", "eval_scores.csv", "jobs.csv"])
            #expect(all.files.map(\.rows) == [2, 8, 2])
            for file in all.files {
                let data = try Data(contentsOf: URL(filePath: "\(all.path)/\(file.name)"))
                #expect(ByteCount(UInt64(data.count)) == file.size)
            }
            let one = try await house.runtime.export(
                ExportOrder(
                    exporter: "csv/csv", params: ["tables": ["eval_scores"]],
                    filter: ExportFilter(evalRunID: choice), target: house.home + "/one"))
            #expect(one.files.map(\.rows) == [3])
            let rows = try lines(house.home + "/one/eval_scores.csv")
            #expect(rows.dropFirst().allSatisfy { $0.hasPrefix(choice) })
            #expect(!rows.contains { $0.contains(words) })
        }
    }

    @Test func theMirrorHoldsNoQuestionAnswerOrPath() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let run = try await evaluate(house, bench: "arithmetic-words", limit: 5)
            let report = try await house.runtime.export(ExportOrder(exporter: "mirror_json"))
            let text = try report.files.map { try String(contentsOfFile: "\(report.path)/\($0.name)", encoding: .utf8) }
                .joined()
            #expect(text.contains(run))
            for score in try await house.runtime.store.evalScores(ofRun: run) {
                for secret in [score.output, score.explain] {
                    if let secret, !secret.isEmpty { #expect(!text.contains(secret)) }
                }
            }
            #expect(!text.contains(house.home) && !text.contains("temperature") && !text.contains("payload"))
        }
    }

    @Test func refusesParametersThatBreakTheSchema() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let order = ExportOrder(exporter: "csv", params: ["delimiter": "::"], target: house.home + "/out")
            let failure = await #expect(throws: ExportError.self) { try await house.runtime.export(order) }
            #expect(failure?.code == "export.bad_parameters")
            #expect(failure?.message.contains("/delimiter") == true)
            let unknown = await #expect(throws: (any Error).self) {
                try await house.runtime.export(ExportOrder(exporter: "xls"))
            }
            #expect(unknown.map { Failure($0).code } == "kind.unknown")
            let noRun = await #expect(throws: (any Error).self) {
                try await house.runtime.export(
                    ExportOrder(exporter: "csv", filter: ExportFilter(evalRunID: "nobody")))
            }
            #expect(noRun.map { Failure($0).code } == "export.unknown_run")
        }
    }

    /// [EXP-5] The child may map 256 MiB, code and stacks included; what goes through it is more than that.
    @Test(arguments: [0, 1_000_000])
    func writesAnyNumberOfRowsInConstantMemory(_ count: Int) async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let kind = try await house.runtime.registry.snapshot.resolve(.exporter, "csv")
            #expect(kind.kind.capabilities.memory == .mebibytes(256))
            let source = ManyRows(count: count)
            let report = try await ExporterRunner(loader: house.runtime.loader).run(
                ExportRequest(kind: kind, params: [:], target: house.home + "/many", replaces: false), source: source)
            #expect(report.files.map(\.rows) == [UInt64(count)])
            let expected = ManyRows.header + count * ManyRows.written
            #expect(report.files.map(\.size) == [ByteCount(UInt64(expected))])
            if count > 0 { #expect(expected > 256 << 20) }
        }
    }
}

/// Rows that are all alike, so that making them costs nothing.
private actor ManyRows: RecordSource {
    private static let text = String(repeating: "x", count: 290)
    static let header = "text\r\n".utf8.count
    static let written = text.utf8.count + 2
    private let count: Int
    private var given = 0
    private let page: [UInt8]

    init(count: Int) {
        self.count = count
        page = Array(String(repeating: #"{"text":"\#(Self.text)"}"# + "\n", count: 1000).utf8)
    }

    func tables() -> JSONValue {
        [["name": "many", "rows": JSONValue(count), "columns": [["name": "text", "type": "text"]]]]
    }

    func open(_ table: String) -> UInt64 { 1 }

    func next(_ cursor: UInt64, limit: Int) -> [UInt8] {
        guard given < count else { return [] }
        given += 1000
        return page
    }
}
