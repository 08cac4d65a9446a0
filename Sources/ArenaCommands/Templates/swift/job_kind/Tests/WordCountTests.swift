import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct WordCountTests {
    @Test(arguments: [("one two", 2), ("", 0), ("  spaced   out ", 2)])
    func countsWords(line: String, words: Int) {
        #expect(WordCount.words(in: line[...]) == words)
    }

    @Test func refusesACheckpointThatItDidNotWrite() {
        let start = JobStart(jobID: "j", attempt: 2, payload: ["text": "one"], checkpoint: [1, 2], commits: 1)
        #expect(throws: PluginError.self) { try WordCount(start) }
    }
}
