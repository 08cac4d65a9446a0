import ArenaCore
import ArenaJSON
import ArenaLanes
import Testing

/// What an edit of the lanes brings, decided without a file.
struct LaneEditionTests {
    private static let bad = Failure(
        code: "configuration.bad_value", category: .failedPrecondition, message: "arena.yaml:3:7: no.", hint: "Mend it."
    )

    private func lane(_ id: String, type: String = "openai", title: String = "") -> LaneDefinition {
        LaneDefinition(id: id, type: type, title: title)
    }

    @Test func takesWhatIsNewChangedAndGone() {
        var edition = LaneEdition(lanes: [lane("a"), lane("b"), lane("c")])
        var configured = lane("b")
        configured.config = ["stream": false]
        let change = edition.take(.success([lane("d"), configured, lane("a", title: "A")]))
        #expect(change == .taken(added: ["d"], altered: ["b"], removed: ["c"]))
        #expect(edition.lanes.map(\.id) == ["d", "b", "a"])
        #expect(edition.lanes.last?.title == "A", "what drives nothing is taken too")
        #expect(change?.description == "The lanes are those of arena.yaml now; new: d; changed: b; gone: c.")
    }

    @Test func aLaneOfAnotherTypeIsAnother() {
        var edition = LaneEdition(lanes: [lane("a")])
        #expect(
            edition.take(.success([lane("a", type: "replay")])) == .taken(added: [], altered: ["a"], removed: []))
    }

    @Test func keepsTheLastGoodLanesUntilTheFileIsMended() {
        var edition = LaneEdition(lanes: [lane("a")])
        let refusal = edition.take(.failure(Self.bad))
        #expect(refusal == .refused(Self.bad))
        #expect(refusal?.description.hasSuffix("arena.yaml:3:7: no. Mend it.") == true)
        #expect(edition.lanes == [lane("a")] && edition.problem == Self.bad)
        #expect(edition.take(.failure(Self.bad)) == nil, "the same fault is told once")
        #expect(edition.take(.success([lane("a")])) == .taken(added: [], altered: [], removed: []), "that is news")
        #expect(edition.problem == nil)
        #expect(edition.take(.success([lane("a")])) == nil)
    }
}
