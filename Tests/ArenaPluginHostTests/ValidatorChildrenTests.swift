import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire
import Glibc
import Testing

/// Children that wait for payloads to look at: used again while they are sound, and never left behind.
@Suite(.timeLimit(.minutes(1)))
struct ValidatorChildrenTests {
    private let corpus: PluginChildren
    private let children: ValidatorChildren

    init() throws {
        corpus = try PluginChildren("corpus", jobKinds: ["obey", "other"])
        children = ValidatorChildren(loader: corpus.loader)
    }

    private func validate(_ payload: JSONValue = [:], in child: PluginChild) async throws -> [UInt8] {
        try await child.call(
            .jobValidate(kind: "obey", payload: payload.text()),
            deadline: monotonicNanoseconds() + Duration.seconds(30).nanoseconds)
    }

    /// Ends the children that wait and says whether all that there ever were are gone.
    private func stop(_ taken: [PluginChild]) async throws {
        await children.stop()
        for child in taken {
            _ = await child.process.end()
            #expect(kill(child.process.pid, 0) != 0 && errno == ESRCH)
        }
        try await corpus.untilNoneIsLeft()
    }

    @Test func aChildLooksAtTheNextPayloadOfItsKindAndGeneration() async throws {
        let first = try await children.take(for: corpus.kind)
        #expect(try await validate(in: first) == Array("[]".utf8))
        await children.keep(first, for: corpus.kind)
        let second = try await children.take(for: corpus.kind)
        #expect(second === first)
        #expect(try await validate(["n": 2], in: second) == Array("[]".utf8))
        await children.keep(second, for: corpus.kind)
        try await stop([first])
    }

    @Test func whoFindsNoneWaitingGetsOneOfItsOwn() async throws {
        let first = try await children.take(for: corpus.kind)
        let second = try await children.take(for: corpus.kind)
        #expect(second !== first)
        await children.keep(first, for: corpus.kind)
        await children.keep(second, for: corpus.kind)
        try await stop([first, second])
    }

    @Test func anotherKindOrGenerationDoesNotGetIt() async throws {
        let first = try await children.take(for: corpus.kind)
        await children.keep(first, for: corpus.kind)
        let other = try await children.take(for: corpus.otherKind)
        let next = try await children.take(for: corpus.nextGeneration)
        #expect(other !== first && next !== first)
        await children.keep(next, for: corpus.nextGeneration)
        #expect(try await children.take(for: corpus.nextGeneration) === next)
        for child in [other, next] { child.dismiss() }
        try await stop([first, other, next])
    }

    @Test func oneThatDiedWhileItWaitedIsReplaced() async throws {
        let first = try await children.take(for: corpus.kind)
        await children.keep(first, for: corpus.kind)
        kill(first.process.pid, SIGKILL)
        while !first.isOver { try await Task.sleep(for: .milliseconds(1)) }
        let second = try await children.take(for: corpus.kind)
        #expect(second !== first)
        #expect(try await validate(in: second) == Array("[]".utf8))
        await children.keep(second, for: corpus.kind)
        try await stop([first, second])
    }

    @Test(arguments: [
        ("crash", "plugin.crashed"), ("exit", "plugin.crashed"), ("wire", "plugin.wire_violation"),
        ("loop", "plugin.unresponsive"),
    ])
    func aFaultWhileItLooksIsToldAndTheNextPayloadGetsANewChild(act: String, code: String) async throws {
        let runner = JobRunner(loader: corpus.loader)
        #expect(try await runner.validate([:], with: corpus.kind) == [])
        let fault = await #expect(throws: PluginFault.self) {
            _ = try await runner.validate(["act": .string("\(act) in validate")], with: corpus.kind)
        }
        #expect(fault?.code == code)
        #expect(fault?.message.contains("corpus") == true && fault?.hint != nil)
        #expect(try await runner.validate([:], with: corpus.kind) == [])
        await runner.stop()
        try await corpus.untilNoneIsLeft()
    }

    @Test func oneThatWaitedLongEnoughEnds() async throws {
        let children = ValidatorChildren(loader: corpus.loader, idleLimit: .milliseconds(1))
        let child = try await children.take(for: corpus.kind)
        await children.keep(child, for: corpus.kind)
        #expect(await child.process.end() == .exited(0))
        let next = try await children.take(for: corpus.kind)
        #expect(next !== child)
        next.dismiss()
        try await stop([child, next])
    }

    @Test func twoWaitAtMostAndTheOneThatWaitedLongestMakesRoom() async throws {
        var taken: [PluginChild] = []
        for _ in 0..<3 { taken.append(try await children.take(for: corpus.kind)) }
        for child in taken { await children.keep(child, for: corpus.kind) }
        #expect(await taken[0].process.end() == .exited(0))
        #expect(try await children.take(for: corpus.kind) === taken[2])
        #expect(try await children.take(for: corpus.kind) === taken[1])
        for child in taken[1...] { await children.keep(child, for: corpus.kind) }
        try await stop(taken)
    }

    @Test func oneThatIsGivenBackAfterTheStopEndsToo() async throws {
        let child = try await children.take(for: corpus.kind)
        await children.stop()
        await children.keep(child, for: corpus.kind)
        #expect(await child.process.end() == .exited(0))
        try await stop([child])
    }
}
