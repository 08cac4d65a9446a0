import ArenaCore
import ArenaPluginABI
import Testing

struct JobKindTests {
    private func kind() throws -> JobKind { try ScorerTests.library.get().jobKind("echo") }

    private func run(_ payload: String, observer: any CallObserver = SilentObserver()) throws -> String {
        let start = JobKind.Start(jobID: "j1", attempt: 2, payload: payload, checkpoint: Array("cp".utf8), sequence: 9)
        return try kind().run(start, in: CallContext(observer: observer))
    }

    @Test func attemptStartsFromItsCheckpoint() throws {
        #expect(try run("{}") == #"{"attempt":2,"sequence":9,"checkpoint":"cp","payload":{}}"#)
    }

    @Test func missingFunctionsHaveADefault() throws {
        #expect(try kind().validate(payload: "{}", in: CallContext()) == "[]")
        #expect(try kind().estimate(payload: "{}", in: CallContext()) == "")
    }

    @Test func resultBeyondItsLimitIsRefusedWithTheReason() {
        let failure = #expect(throws: CallFailure.self) { _ = try run(#"{"endless":true}"#) }
        #expect(failure?.status == .resourceExhausted)
        #expect(failure?.isPluginFault == false)
        #expect(failure?.message.contains("longer than") == true)
    }

    @Test func pluginThatIgnoresARefusalIsAtFault() {
        let failure = #expect(throws: CallFailure.self) { _ = try run(#"{"deaf":true}"#) }
        #expect(failure?.isPluginFault == true)
    }

    @Test func resultThatIsNoTextIsAFault() {
        let failure = #expect(throws: CallFailure.self) { _ = try run(#"{"bytes":true}"#) }
        #expect(failure?.isPluginFault == true)
    }

    @Test func cancelledJobEnds() {
        let failure = #expect(throws: CallFailure.self) {
            _ = try run(#"{"wait":true}"#, observer: RecordingObserver(isCancelled: true))
        }
        #expect(failure?.status == .cancelled)
    }

    @Test func openThatFailsIsTheFailureOfTheRun() {
        let failure = #expect(throws: CallFailure.self) { _ = try run(String(repeating: " ", count: 5000)) }
        #expect(failure?.status == .invalidArgument)
        #expect(failure?.message == "too long")
    }
}
