import ArenaJSON
import CArenaPlugin
import Testing

/// An answer for a scorer in Swift, and what must come out.
struct ScorerCase: Sendable, CustomTestStringConvertible {
    var config = ""
    var output: String
    var references: [String] = []
    var meta = ""
    var value: Double
    var reason: UInt32
    /// What the explanation names.
    var says = ""

    var testDescription: String { "\(config) \(output.prefix(60))" }

    init(
        _ output: String, _ value: Double, _ reason: UInt32 = ARENA_REASON_OK, config: String = "",
        references: [String] = [], meta: String = "", says: String = ""
    ) {
        self.config = config
        self.output = output
        self.references = references
        self.meta = meta
        self.value = value
        self.reason = reason
        self.says = says
    }

    func check(_ scorer: String, of plugin: String) throws {
        let judged = try TextScorer(scorer, config: config, plugin: plugin).judge([(output, references, meta)])[0]
        #expect(judged.output.value == value, "\(judged.explanation)")
        #expect(judged.output.reason == reason, "\(judged.explanation)")
        #expect(judged.output.status == ARENA_OK)
        #expect(judged.explanation.contains(says), "\(judged.explanation)")
    }
}
