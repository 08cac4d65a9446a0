import ArenaCore
import ArenaPluginABI
import ArenaTestSupport
import Synchronization
import Testing

/// Hears a call, and may have given it up from the start.
final class RecordingObserver: CallObserver {
    let isCancelled: Bool
    private let heard = Mutex<[String]>([])

    init(isCancelled: Bool = false) { self.isCancelled = isCancelled }

    var lines: [String] { heard.withLock { $0 } }

    func progress(done: UInt64, total: UInt64, phase: String, fields: String) {
        heard.withLock { $0.append("progress \(done)/\(total) \(phase) \(fields)") }
    }

    func log(_ level: PluginLogLevel, _ message: String, fields: String) {
        heard.withLock { $0.append("\(level) \(message)") }
    }
}

struct ScorerTests {
    private static let plugin = Result { try CompiledPlugin("scorers.c") }
    static let library = Result { try PluginLibrary(path: try plugin.get().path) }

    private func scorer(_ kind: String) throws -> Scorer {
        try Self.library.get().scorer(kind).create(config: "{}", in: CallContext())
    }

    private func judge(
        _ output: String, observer: any CallObserver = SilentObserver(), deadline: UInt64 = 0
    ) throws -> ScoreResult {
        let scorer = try scorer("odd")
        defer { scorer.destroy() }
        let call = CallContext(deadlineNanoseconds: deadline, observer: observer)
        return try scorer.score(ScoreBatch([ScoreItem(itemID: "i", output: output)]), in: call)[0]
    }

    private func failure(_ output: String, observer: any CallObserver = SilentObserver()) -> CallFailure? {
        #expect(throws: CallFailure.self) { _ = try judge(output, observer: observer) }
    }

    @Test(arguments: ["exact", "single"])
    func batchAndLoopJudgeAlike(kind: String) throws {
        let scorer = try scorer(kind)
        defer { scorer.destroy() }
        let items = (0..<300).map { index in
            ScoreItem(
                itemID: "item \(index)", output: "answer \(index % 7)",
                references: (0..<(index % 4)).map { "answer \($0)" })
        }
        let results = try scorer.score(ScoreBatch(items), in: CallContext())
        #expect(results.count == 300)
        for (item, result) in zip(items, results) {
            let right = item.references.contains(item.output)
            #expect(result.value == (right ? 1 : 0))
            #expect(result.isPass == right)
            #expect(result.reason == (right ? .ok : .wrong))
            #expect(result.explain == (right ? "" : item.itemID))
        }
    }

    @Test func emptyBatchHasNoResults() throws {
        let scorer = try scorer("exact")
        defer { scorer.destroy() }
        #expect(try scorer.score(ScoreBatch([]), in: CallContext()).isEmpty)
    }

    @Test(arguments: ["nan", "infinite", "two", "negative"])
    func valueOutOfRangeFailsItsItemAlone(output: String) throws {
        let result = try judge(output)
        #expect(result.status == .internalError)
        #expect(result.value == 0)
        #expect(result.explain.contains("not between 0 and 1"))
    }

    @Test func itemsKeepTheirOwnStatus() throws {
        #expect(try judge("item error").status == .notFound)
        #expect(try judge("item status 99").status == .unknown)
        let skipped = try judge("skipped")
        #expect(skipped.isSkipped && skipped.status == .ok && skipped.value == 0)
    }

    @Test func numbersThatThisHostDoesNotKnowAreHarmless() throws {
        #expect(try judge("unknown reason").reason == .ok)
        #expect(try judge("unknown flags").flags == [])
    }

    @Test func explanationsAreTextAndBounded() throws {
        #expect(try judge("explains again").explain == "2nd")
        #expect(try judge("explains elsewhere").explain == "")
        let long = try judge("explains at length").explain
        #expect(long.utf8.count == 1024)
        #expect(long.allSatisfy { $0 == "é" })
        for output in ["bad text", "no text"] {
            let observer = RecordingObserver()
            #expect(try judge(output, observer: observer).explain == "")
            #expect(observer.lines.count == 1)
        }
    }

    @Test func failureCarriesTheLastReasonWithCodeAndHint() {
        let failure = failure("fails")
        #expect(failure?.status == .unavailable)
        #expect(failure?.message == "The table is away.")
        #expect(failure?.code == "odd.away")
        #expect(failure?.hint == "Wait.")
        #expect(failure?.retry == false)
        #expect(failure?.isPluginFault == false)
    }

    @Test func statusWithoutAReasonIsAFaultOfThePlugin() {
        let failure = failure("silent failure")
        #expect(failure?.isPluginFault == true)
        #expect(failure?.code == "plugin.fault")
        #expect(failure?.status == .internalError)
    }

    @Test(arguments: ["status 99", "status -1"])
    func statusOutsideOfTheTableIsUnknown(output: String) {
        #expect(failure(output)?.status == .unknown)
    }

    @Test func reasonThatIsNoTextIsReplaced() {
        let observer = RecordingObserver()
        let failure = failure("fails in bad text", observer: observer)
        #expect(failure?.status == .internalError)
        #expect(failure?.message.contains("not valid UTF-8") == true)
        #expect(observer.lines.count == 1)
    }

    @Test func cancelledCallNeedsNoReason() {
        let failure = failure("cancelled?", observer: RecordingObserver(isCancelled: true))
        #expect(failure?.status == .cancelled)
        #expect(failure?.isPluginFault == false)
        #expect(failure?.code == "cancelled")
    }

    @Test func passedDeadlineCancels() {
        let failure = #expect(throws: CallFailure.self) { _ = try judge("cancelled?", deadline: 1) }
        #expect(failure?.status == .deadlineExceeded)
    }

    @Test func progressAndLogReachTheObserver() throws {
        let observer = RecordingObserver()
        _ = try judge("reports", observer: observer)
        #expect(observer.lines[0] == "progress 3/9 middle {\"a\":1}")
        #expect(observer.lines[1] == "warning a line")
        #expect(observer.lines[2].contains("not valid UTF-8"))
        #expect(observer.lines[3] == "debug below")
        #expect(observer.lines.count == 4)
    }

    @Test func creationThatFailsSaysWhy() throws {
        let kind = try Self.library.get().scorer("exact")
        let refused = #expect(throws: CallFailure.self) {
            try kind.create(config: #"{"refuse":true}"#, in: CallContext())
        }
        #expect(refused?.status == .invalidArgument && refused?.code == "exact.refused")
        let silent = #expect(throws: CallFailure.self) {
            try kind.create(config: #"{"silent":true}"#, in: CallContext())
        }
        #expect(silent?.isPluginFault == true)
    }
}
