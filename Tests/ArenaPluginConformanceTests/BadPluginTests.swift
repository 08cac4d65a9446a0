import ArenaJSON
import ArenaPluginConformance
import ArenaTestSupport
import Synchronization
import Testing

/// A plugin that breaks one rule is found out by the group that is about it, which names the sentence of the header.
@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct BadPluginTests {
    @Test(arguments: [
        ("EXTRA_EXPORT", "static/exports", "ENTRY-8")
    ])
    func staticChecks(define: String, id: String, rule: String) async throws {
        #expect(try await CheckedPlugin(define).failure(of: id)?.rule == rule)
    }

    @Test func anExecutableStackIsFound() async throws {
        let failures = try await CheckedPlugin(linking: ["-Wl,-z,execstack"]).failures(.static)
        #expect(failures.keys.sorted() == ["static/stack"])
    }

    @Test func aLibraryThatIsNowhereIsNamed() async throws {
        let stub = try CompiledPlugin("nonconforming.c", linking: ["-Wl,-soname,libarena-test-nowhere.so"])
        let plugin = try CheckedPlugin(linking: ["-Wl,--no-as-needed", stub.path])
        let failures = try await plugin.failures(.static, .load)
        #expect(failures["static/needs"]?.message.contains("libarena-test-nowhere.so") == true)
        #expect(failures["load/twice"] != nil)
        // Of what cannot be loaded nothing more is asked.
        #expect(failures.keys.sorted() == ["load/twice", "static/needs"])
    }

    @Test func aLackOfLicenceAndExamplesIsAWarning() async throws {
        let manifest = CheckedPlugin.manifest(examples: [], license: "")
        var without = try #require(manifest.object)
        without["license"] = nil
        let results = try await CheckedPlugin(manifest: .object(without)).check(.static)
        let warned = results.filter { $0.verdict.status == .pass && $0.verdict.hint != nil }.map(\.id)
        #expect(warned == ["static/about", "static/examples"])
    }

    @Test(arguments: [
        ("CHANGING_ENTRY", "load/entry", "ENTRY-1"), ("OFFERS_PREFIXES", "load/entry", "ENTRY-5"),
        ("FAILS_INIT", "load/twice", "ENTRY-4"), ("EXITS", "load/twice", "THR-2"),
        ("LEAVES_THREAD", "load/state", "THR-1"), ("LEAVES_FILE", "load/state", "ENTRY-8"),
        ("CATCHES_SIGNALS", "load/state", "THR-2"), ("SETS_ENVIRONMENT", "load/state", "THR-2"),
        ("CHANGES_DIRECTORY", "load/state", "THR-2"), ("CHANGES_UMASK", "load/state", "THR-2"),
        ("CHANGES_LOCALE", "load/state", "THR-2"), ("PRINTS", "load/silence", "THR-3"),
    ])
    func loading(define: String, id: String, rule: String) async throws {
        let failure = try await CheckedPlugin(define).failure(of: id)
        #expect(failure?.rule == rule)
        #expect(failure?.hint != nil)
    }

    @Test(arguments: [
        ("SILENT", "contract/scorer/kind/calls", "ERR-2"), ("STATUS_99", "contract/scorer/kind/calls", "ERR-3"),
        ("BAD_TEXT", "contract/scorer/kind/calls", "STR-3"),
        ("NO_END", "contract/lane_type.engine/kind/calls", "ENGINE-1"),
        ("IGNORES_SINK", "contract/job_kind/kind/sinks", "SINK-2"),
        ("CHATTERS", "contract/lane_type.engine/kind/sinks", "SINK-2"),
        ("NEEDS_SERVICE", "contract/job_kind/kind/no-services", "HOST-2"),
        ("IGNORES_REFUSAL", "contract/job_kind/kind/refused-job", "SVC-1"),
    ])
    func contracts(define: String, id: String, rule: String) async throws {
        #expect(try await CheckedPlugin(define).failure(of: id)?.rule == rule)
    }

    @Test(arguments: [
        ("FIXED_STRIDE", CheckGroup.evolution, "ABI-5"), ("EXACT_SIZE", .evolution, "ABI-3"),
        ("WRITES_BEYOND", .evolution, "ABI-3"), ("READS_ON", .memory, "MEM-2"), ("KEEPS_INPUT", .memory, "MEM-2"),
        ("WRITES_INPUT", .memory, "MEM-2"), ("WRITES_BEFORE", .memory, "MEM-3"), ("STATIC_STATE", .threads, "MEM-4"),
        ("DEAF", .cancellation, "CALL-3"),
    ])
    func bending(define: String, group: CheckGroup, rule: String) async throws {
        #expect(try await CheckedPlugin(define).failure(of: "\(group.rawValue)/scorer/kind")?.rule == rule)
    }

    @Test(arguments: [
        ("OUT_OF_RANGE", "scorer/kind/range", "SCORER-1"), ("BATCH_DIFFERS", "scorer/kind/batch", "SCORER-3"),
        ("REMEMBERS", "scorer/kind/order", "SCORER-3"), ("RANDOM", "scorer/kind/deterministic", "SCORER-2"),
        ("FORGETS", "job_kind/kind/resume", "JOB-1"), ("BAD_ISSUES", "job_kind/kind/validate", "JOB-1"),
        ("BAD_PLAN", "job_kind/kind/estimate", "JOB-1"), ("BAD_HEALTH", "lane_type.engine/kind/health", "ENGINE-2"),
        ("BAD_MODELS", "lane_type.engine/kind/models", "ENGINE-2"),
        ("CHATTERS", "lane_type.engine/kind/chat", "SINK-2"),
    ])
    func interfaces(define: String, id: String, rule: String) async throws {
        #expect(try await CheckedPlugin(define).failure(of: "interface/\(id)")?.rule == rule)
    }

    @Test func anExampleThatScoresOtherwiseIsFound() async throws {
        let wrong: JSONValue = [["output": "no", "reference": "yes", "value": 1]]
        let plugin = try CheckedPlugin(manifest: CheckedPlugin.manifest(examples: wrong))
        #expect(try await plugin.failure(of: "interface/scorer/kind/examples")?.message.contains("0.0") == true)
    }

    @Test func anEmptyBatchThatCrashesIsFound() async throws {
        #expect(try await CheckedPlugin("EMPTY_CRASHES").failure(of: "interface/scorer/kind/empty") != nil)
    }

    @Test func aCrashOnPlainInputIsSaidOnceWithItsFunctionAndInput() async throws {
        let results = try await CheckedPlugin("CRASHES_ALWAYS").check()
        let failed = results.filter { $0.verdict.status == .fail && $0.group != .static }
        #expect(failed.map(\.id) == ["load/scorer/kind/plain"])
        let verdict = try #require(failed.first?.verdict)
        #expect(verdict.rule == "MEM-2")
        #expect(verdict.message.contains("SIGSEGV") && verdict.message.contains("`score` with the output "))
        let skipped = results.filter { $0.verdict.message.contains("see load/scorer/kind/plain") }
        #expect(skipped.contains { $0.id == "memory/scorer/kind" } && skipped.contains { $0.id == "load/state" })
        #expect(skipped.allSatisfy { $0.verdict.status == .skip && $0.verdict.rule == nil })
        // The other kinds of the plugin are examined all the same.
        #expect(results.contains { $0.id == "memory/job_kind/kind" && $0.verdict.status == .pass })
        #expect(!results.contains { $0.verdict.hint?.contains("plugin retry") == true })
    }

    @Test func aScorerThatNeverAnswersIsAskedTwiceAtMost() async throws {
        let results = try await CheckedPlugin("HANGS_ALWAYS").check()
        let hung = results.filter { $0.id.contains("/scorer/kind") && $0.verdict.status == .fail }
        #expect(hung.map(\.id) == ["load/scorer/kind/plain"])
        #expect(hung.first?.verdict.rule == "CALL-2")
        let rest = results.filter { $0.id.contains("/scorer/kind") && $0.id != "load/scorer/kind/plain" }
        #expect(!rest.isEmpty && rest.allSatisfy { $0.verdict.status == .skip })
        #expect(rest.allSatisfy { $0.verdict.message.contains("see load/scorer/kind/plain") })
    }

    @Test func aCheckTellsEachResultAsItComes() async throws {
        let told = Mutex<[String]>([])
        let results = try await CheckedPlugin().check(.static) { result in told.withLock { $0.append(result.id) } }
        #expect(told.withLock { $0 } == results.map(\.id))
    }
}
