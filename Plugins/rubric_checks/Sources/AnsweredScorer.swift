import ArenaJSON
import ArenaPluginKit

/// Whether an answer says anything at all, apart from the thoughts before it.
struct AnsweredScorer: ScorerPlugin {
    init(config: JSONValue) throws(PluginError) {}

    func score(_ item: ScoreItem) -> Score {
        let said = Thoughts.removed(from: item.output)
        let saysSomething = said.unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        if saysSomething { return Score(1, .ok, pass: true, "The answer says something.") }
        if item.meta["finish_reason"]?.string == "length" {
            return Score(0, .length, pass: false, "The answer was cut before it said anything.")
        }
        return Score(0, .noAnswer, pass: false, "The answer has no letter and no digit.")
    }
}
