import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct ExporterTests {
    @Test func filesHavePlainNames() {
        #expect(Exporter.fileName(of: "eval_score/1") == "eval_score-1.jsonl")
    }

    @Test func aRowIsALine() {
        #expect(Exporter.line(["text": "two\nlines"]) == "{\"text\":\"two\\nlines\"}\n")
    }
}
