import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct ExportSnapshotTests {
    private func table(_ name: String) throws -> ExportTable {
        try #require(ExportTable.host.first { $0.name == name })
    }

    private func rows(
        _ snapshot: ExportSnapshot, _ table: ExportTable, page: Int = 1000
    ) async throws -> [JSONValue] {
        var rows: [JSONValue] = []
        var place: ExportSnapshot.Place?
        while true {
            let (lines, next) = try await snapshot.page(of: table, after: place, limit: page)
            guard let next else { return rows }
            place = next
            let lineList = lines.split(separator: UInt8(ascii: "\n"))
            #expect(lineList.count <= page)
            rows += try lineList.map { try JSONValue(parsing: Array($0)) }
        }
    }

    private func finished(_ store: ArenaStore, _ run: String, bench: String = "b", lane: String = "l") async throws {
        let claim = try await store.running("job-\(run)")
        let record = try SealedRow(
            recordType: "eval_run/1", key: run,
            json: [
                "id": .string(run), "bench_id": .string(bench), "lane_id": .string(lane), "n_items": 3,
                "mean_normalized": 0.5, "sampling": ["temperature": 0],
            ], pluginID: "demo")
        let scores = try (0..<3).map { try SealedRow.score("i\($0)", run: run, key: "\(run)-\($0)") }
        _ = try await store.finish(claim, sealing: scores + [record, .note("n-\(run)")])
    }

    @Test(arguments: StoreHome.allCases)
    func pagesHoldEveryFinishedRowOnceInTheOrderOfItsKey(_ home: StoreHome) async throws {
        let store = try await home.open()
        for run in ["r2", "r1", "r3"] { try await finished(store, run) }
        let snapshot = try await store.exportSnapshot(ExportFilter())
        let all = try await rows(snapshot, table("eval_scores"))
        #expect(
            all.map { "\($0["eval_run_id"]?.string ?? "")/\($0["item_id"]?.string ?? "")" } == [
                "r1/i0", "r1/i1", "r1/i2", "r2/i0", "r2/i1", "r2/i2", "r3/i0", "r3/i1", "r3/i2",
            ])
        for page in [1, 2, 4] { #expect(try await rows(snapshot, table("eval_scores"), page: page) == all) }
        #expect(try await snapshot.count(of: table("eval_scores")) == 9)
        #expect(
            try await rows(snapshot, table("jobs"), page: 1).map { $0["id"]?.string } == ["job-r2", "job-r1", "job-r3"])
        let run = try #require(try await rows(snapshot, table("eval_runs")).first)
        #expect(run["id"] == "r1" && run["n_items"] == 3 && run["sampling"] == ["temperature": 0])
        #expect((run.object?.map(\.key) ?? []) == ExportTable.host[0].columns.map(\.name))
        #expect(all[0]["pass"] == true)
        let notes = try await rows(snapshot, .records(plugin: "demo", type: "note/1"))
        #expect(notes.allSatisfy { $0["record"] == JSONValue.object(["text": "hello"]) } && notes.count == 3)
        #expect(try await rows(snapshot, .records(plugin: "other", type: "note/1")).isEmpty)
        try await store.close()
    }

    @Test func rowsOfWorkThatHasNotEndedAreNotThere() async throws {
        let store = try await StoreHome.file.open()
        let claim = try await store.running("j1")
        _ = try await store.seal(
            [.score("i1"), .run(), .note("n")], checkpoint: [1], pluginSHA256: "ab", expected: 0, for: claim.lease)
        let snapshot = try await store.exportSnapshot(ExportFilter())
        for table in ExportTable.host + [.records(plugin: "demo", type: "note/1")] {
            #expect(try await rows(snapshot, table).isEmpty, "\(table.name)")
        }
        try await store.close()
    }

    @Test func filtersChooseRunsAndWhatBelongsToThem() async throws {
        let store = try await StoreHome.file.open()
        try await finished(store, "r1", bench: "b1", lane: "l1")
        try await finished(store, "r2", bench: "b1", lane: "l2")
        try await finished(store, "r3", bench: "b2", lane: "l1")
        let cases: [(ExportFilter, [String])] = [
            (ExportFilter(evalRunID: "r2"), ["r2"]), (ExportFilter(benchID: "b1"), ["r1", "r2"]),
            (ExportFilter(laneID: "l1"), ["r1", "r3"]), (ExportFilter(benchID: "b1", laneID: "l1"), ["r1"]),
            (ExportFilter(benchID: "none"), []),
            (ExportFilter(since: Timestamp("2000-01-01T00:00:00Z")), ["r1", "r2", "r3"]),
            (ExportFilter(since: Timestamp("2999-01-01T00:00:00Z")), []),
        ]
        for (filter, runs) in cases {
            let snapshot = try await store.exportSnapshot(filter)
            #expect(try await rows(snapshot, table("eval_runs")).compactMap { $0["id"]?.string } == runs)
            #expect(try await rows(snapshot, table("eval_scores"), page: 2).count == runs.count * 3)
            #expect(try await rows(snapshot, table("jobs")).compactMap { $0["id"]?.string } == runs.map { "job-\($0)" })
            let notes = try await rows(snapshot, .records(plugin: "demo", type: "note/1"))
            #expect(notes.compactMap { $0["key"]?.string } == runs.map { "n-\($0)" })
        }
        try await store.close()
    }

    @Test func whatIsWrittenLaterDoesNotShow() async throws {
        let store = try await StoreHome.file.open()
        try await finished(store, "r1")
        let snapshot = try await store.exportSnapshot(ExportFilter())
        try await finished(store, "r2")
        #expect(try await rows(snapshot, table("eval_runs")).count == 1)
        #expect(try await rows(snapshot, table("eval_scores")).count == 3)
        #expect(try await rows(store.exportSnapshot(ExportFilter()), table("eval_runs")).count == 2)
        try await store.close()
    }

    @Test func aPageOfLargeRowsIsShortAndStillGoesOn() async throws {
        let store = try await StoreHome.file.open()
        let claim = try await store.running("j1")
        let text = String(repeating: "x", count: 300_000)
        let scores = try (0..<8).map { number in
            try SealedRow(
                recordType: "eval_score/1", key: "\(number)",
                json: ["eval_run_id": "run1", "item_id": .string("i\(number)"), "output": .string(text)],
                pluginID: "demo")
        }
        _ = try await store.finish(claim, sealing: scores + [.run()])
        let snapshot = try await store.exportSnapshot(ExportFilter())
        let first = try await snapshot.page(of: table("eval_scores"), after: nil, limit: 1000)
        #expect(first.lines.count < 2 << 20)
        #expect(try await rows(snapshot, table("eval_scores")).count == 8)
        try await store.close()
    }
}
