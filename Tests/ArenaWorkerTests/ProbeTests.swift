import ArenaCore
import ArenaJSON
import ArenaPluginWire
import ArenaTestSupport
import Testing

struct ProbeTests {
    private func probe(
        _ source: String, _ defines: [String] = [], id: String, version: String = "1.0.0",
        _ provides: [(String, String)]
    ) throws -> JSONValue {
        let session = try WorkerSession(try CompiledPlugin.shared(source, defines: defines), id: id, version: version)
        let items = provides.map { JSONValue.object(["interface": .string($0.0), "id": .string($0.1)]) }
        let result = try session.call(.probe(expectation: JSONValue.object(["provides": .array(items)]).text()))
        #expect(result.status == .ok)
        #expect(try session.call(.jobValidate(kind: "x", payload: "{}")).status == .failedPrecondition)
        try session.worker.send(.bye)
        #expect(Ending(try session.worker.exitStatus()) == .exited(0))
        return try JSONValue(parsing: result.payload)
    }

    private func faults(_ report: JSONValue) -> [String] {
        (report["checks"]?.array ?? []).filter { $0["ok"]?.bool == false }.compactMap { $0["check"]?.string }
    }

    @Test func goodPluginPasses() throws {
        let report = try probe(
            "scorers.c", id: "scorers", version: "1.2.3",
            [
                ("arena.scorer/1", "exact"), ("arena.scorer/1", "odd"), ("arena.job_kind/1", "echo"),
                ("arena.lane_type.engine/1", "parrot"),
            ])
        #expect(faults(report) == [])
        #expect(report["ok"]?.bool == true)
        #expect(report["threads_left_behind"]?.int == 0)
    }

    @Test func threadLeftBehindIsCounted() throws {
        let report = try probe("hostile.c", ["LEAVE_THREAD"], id: "hostile", [("arena.scorer/1", "act")])
        #expect(faults(report) == ["threads"])
        #expect(report["threads_left_behind"]?.int == 1)
    }

    @Test func missingInterfaceIsAFault() throws {
        let report = try probe("hostile.c", id: "hostile", [("arena.scorer/1", "act"), ("arena.scorer/1", "missing")])
        #expect(faults(report) == ["interface"])
        #expect(report["ok"]?.bool == false)
    }

    @Test func libraryThatOffersAnythingIsAFault() throws {
        let report = try probe("hostile.c", ["OFFER_ALL"], id: "hostile", [("arena.scorer/1", "act")])
        #expect(faults(report) == ["nonsense"])
    }

    @Test func failureWithoutAReasonIsAFault() throws {
        let report = try probe("hostile.c", ["SILENT_CREATE"], id: "hostile", [("arena.scorer/1", "act")])
        #expect(faults(report) == ["use"])
    }

    @Test func brokenTableIsAFault() throws {
        let report = try probe(
            "variants.c", ["TABLE_SIZE=24"], id: "variants", version: "0.1.0", [("arena.scorer/1", "any")])
        #expect(faults(report) == ["interface", "nonsense"])
    }

    @Test func probeWithoutAnExpectationIsRefused() throws {
        let session = try WorkerSession.hostile()
        #expect(try session.call(.probe(expectation: "nonsense")).status == .invalidArgument)
    }
}
