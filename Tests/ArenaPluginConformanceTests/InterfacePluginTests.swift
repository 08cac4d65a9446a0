import ArenaJSON
import ArenaPluginConformance
import ArenaTestSupport
import Testing

/// Codecs, rubrics, exporters and aggregates: one that keeps every rule passes all groups, and one that breaks a single
/// rule is found out, by the sentence of the header that it breaks.
@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct InterfacePluginTests {
    private static let codec = "arena.lane_type.codec/1"
    private static let rubric = "arena.rubric/1"
    private static let exporter = "arena.exporter/1"
    private static let aggregate = "arena.scorer.aggregate/1"

    private static let sources = [
        codec: "nonconforming_codec.c", rubric: "nonconforming_rubric.c", exporter: "nonconforming_exporter.c",
        aggregate: "nonconforming_aggregate.c",
    ]

    /// A plugin with the one kind `kind` of an interface.
    private func plugin(_ interface: String, _ defines: [String] = []) throws -> CheckedPlugin {
        var kind: JSONObject = [
            "interface": .string(interface), "id": "kind", "description": "It does what a test needs.",
            "capabilities": ["deterministic": true, "reentrant": true],
        ]
        if defines.contains("READS") { kind["reads"] = [".yaml"] }
        return try CheckedPlugin(
            source: try #require(Self.sources[interface]), defines: defines,
            manifest: [
                "id": "conforming", "version": "1.0.0", "abi": "1.0", "library": "plugin.so", "license": "Apache-2.0",
                "description": "It keeps every rule, unless it is bent.", "provides": [.object(kind)],
            ])
    }

    /// What the check named `id` says of a plugin that is bent; the check is of `group`.
    private func failure(
        of id: String, _ group: CheckGroup, _ interface: String, _ define: String, _ others: [String] = []
    ) async throws -> Verdict? {
        try await plugin(interface, [define] + others).failure(
            of: "\(group.rawValue)/\(interface.dropFirst(6).dropLast(2))/kind\(id.isEmpty ? "" : "/" + id)")
    }

    @Test(arguments: [codec, rubric, exporter, aggregate])
    func whatKeepsEveryRulePasses(interface: String) async throws {
        let results = try await plugin(interface).check()
        #expect(results.filter { $0.verdict.status == .fail } == [])
        let skipped = results.filter { $0.verdict.status == .skip }.map(\.id)
        #expect(skipped == (interface == Self.rubric ? ["interface/rubric/kind/documents"] : []))
        #expect(Set(results.map(\.group)) == Set(CheckGroup.allCases).subtracting([.fuzz]))
    }

    @Test func aReaderThatKeepsEveryRulePasses() async throws {
        let results = try await plugin(Self.rubric, ["READS"]).check(.interface)
        #expect(results.count == 7)
        #expect(results.filter { $0.verdict.status != .pass } == [])
    }

    @Test(arguments: [
        ("SETS_KEY", "requests", "CODEC-3"), ("BAD_PATH", "requests", "CODEC-9"),
        ("DROPS_MEMBERS", "requests", "CODEC-10"), ("CRASHES_ON_HOSTILE", "requests", "CODEC-9"),
        ("IDENTIFIES_BY_WORK", "dialogues", "CODEC-1"), ("ASKS_ON", "dialogues", "CODEC-5"),
        ("PIECE_BY_PIECE", "splits", "CODEC-4"), ("ENDS_TWICE", "splits", "CODEC-2"),
        ("FORGETS_END", "splits", "CODEC-7"), ("BAD_VALUE", "splits", "CODEC-13"),
        ("TAKES_HALF", "endings", "CODEC-12"), ("IGNORES_STATUS", "damage", "CODEC-7"),
        ("BAD_TEXT", "damage", "STR-3"), ("SHARES_STATE", "objects", "CODEC-11"),
    ])
    func codecs(define: String, id: String, rule: String) async throws {
        let found = try await failure(of: id, .interface, Self.codec, define)
        #expect(found?.rule == rule, "\(String(describing: found))")
        #expect(found?.hint?.isEmpty == false)
    }

    @Test func aCodecThatNeverReturnsIsEndedAndSaysOnWhat() async throws {
        let found = try await failure(of: "damage", .interface, Self.codec, "NEVER_RETURNS")
        #expect(found?.rule == "CODEC-7")
        #expect(found?.message.contains("It was given: ") == true)
    }

    @Test(arguments: [
        ("WEIGHT=-1", "description", "RUB-3"), ("WHY=\"\"", "description", "RUB-7"),
        ("SECOND=\"right\"", "description", "RUB-7"), ("PLANS_STRANGER", "steps", "RUB-2"),
        ("PLANS_TWICE", "steps", "RUB-3"), ("PLANS_NOTHING", "steps", "RUB-3"), ("CRASHES", "steps", "RUB-3"),
        ("TOTAL_TWO", "scores", "RUB-4"), ("FORGETS_CHECK", "scores", "RUB-7"), ("NO_REASON", "scores", "RUB-7"),
        ("COUNTS_SKIPPED", "missing", "RUB-4"), ("BELIEVES", "strange", "RUB-4"), ("RANDOM", "same", "RUB-5"),
    ])
    func rubrics(define: String, id: String, rule: String) async throws {
        // A quoted text reaches the compiler without a shell between.
        let define = define.replacing("WEIGHT=-1", with: "WEIGHT=\"-1\"")
        let found = try await failure(of: id, .interface, Self.rubric, define)
        #expect(found?.rule == rule, "\(String(describing: found))")
        #expect(found?.hint?.isEmpty == false)
    }

    @Test(arguments: [("NO_PLACE", "RUB-1"), ("SEES_NOTHING", "RUB-6"), ("LOST_PLACE", "RUB-6")])
    func readersOfRubrics(define: String, rule: String) async throws {
        #expect(try await failure(of: "documents", .interface, Self.rubric, define, ["READS"])?.rule == rule)
    }

    @Test(arguments: [
        ("FORGETS_FILE", "sizes", "EXP-4"), ("ENDS_TWICE", "sizes", "EXP-4"), ("WRITES_BEHIND", "sizes", "EXP-4"),
        ("BAD_NAME", "sizes", "EXP-3"), ("REFUSES_NONE", "sizes", "EXP-5"), ("MANY_AT_ONCE", "sizes", "EXP-1"),
        ("NO_NULL", "rows", "EXP-7"), ("CRASHES_ON_NUL", "rows", "EXP-7"), ("IGNORES_READER", "refusals", "SVC-1"),
        ("STAMPS", "same", "EXP-6"), ("STOPS_EARLY", "same", "EXP-1"), ("DEAF", "abort", "CALL-3"),
    ])
    func exporters(define: String, id: String, rule: String) async throws {
        let found = try await failure(of: id, .interface, Self.exporter, define)
        #expect(found?.rule == rule, "\(String(describing: found))")
        #expect(found?.hint?.isEmpty == false)
    }

    @Test(arguments: [
        ("LAST_PART", "split", "AGG-1"), ("STATIC_STATE", "same", "AGG-3"), ("COUNTS_NONE", "empty", "AGG-2"),
        ("EMPTY_CRASHES", "empty", "AGG-2"), ("BELIEVES", "odd", "AGG-2"),
    ])
    func aggregates(define: String, id: String, rule: String) async throws {
        let found = try await failure(of: id, .interface, Self.aggregate, define)
        #expect(found?.rule == rule, "\(String(describing: found))")
        #expect(found?.hint?.isEmpty == false)
    }

    @Test func anAggregateThatLooksAtTheOrderOfItemsIsToldSo() async throws {
        let results = try await plugin(Self.aggregate, ["FIRST"]).check(.interface)
        let same = results.first { $0.id.hasSuffix("/same") }
        #expect(same?.verdict.status == .pass)
        #expect(same?.verdict.message == "the result depends on the order of the items")
    }

    @Test(arguments: [
        (codec, "TALKS_ON", "sinks", CheckGroup.contract, "SINK-2"), (codec, "DEAF", "", .cancellation, "CALL-3"),
        (rubric, "DEAF", "", .cancellation, "CALL-3"),
        (exporter, "IGNORES_FILE", "sinks", .contract, "SINK-2"),
        (aggregate, "IGNORES_SINK", "sinks", .contract, "SINK-2"),
        (aggregate, "FIXED_STRIDE", "", .evolution, "ABI-3"),
    ])
    func generalGroups(interface: String, define: String, id: String, group: CheckGroup, rule: String) async throws {
        let found = try await failure(of: id, group, interface, define)
        #expect(found?.rule == rule, "\(String(describing: found))")
    }
}
