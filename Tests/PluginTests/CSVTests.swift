import ArenaJSON
import CArenaPlugin
import Testing

@Suite(.serialized) struct CSVTests {
    private func export(_ values: [JSONValue], _ params: String = "{}") throws -> String {
        let export = FakeExport([
            .init(name: "t", columns: ["a", "b"], rows: values.map { ["a": $0, "b": "x"] })
        ])
        #expect(try export.run("csv", params) == ARENA_OK)
        return try #require(export.text("t.csv"))
    }

    struct Field: Sendable, CustomTestStringConvertible {
        let value: JSONValue
        let text: String
        var testDescription: String { value.text() }

        init(_ value: JSONValue, _ text: String) {
            self.value = value
            self.text = text
        }
    }

    /// RFC 4180.
    @Test(arguments: [
        Field("plain", "plain"), Field("a,b", "\"a,b\""), Field("a;b", "a;b"),
        Field("say \"hi\"", "\"say \"\"hi\"\"\""),
        Field("\"", "\"\"\"\""), Field("two\nlines", "\"two\nlines\""), Field("two\r\nlines", "\"two\r\nlines\""),
        Field("", "\"\""), Field(nil, ""), Field(" edge", "\" edge\""), Field("edge ", "\"edge \""),
        Field("日本 é 🙂", "日本 é 🙂"), Field("nul\u{0}", "nul\u{0}"), Field(true, "true"), Field(-1.5, "-1.5"),
        Field(12_345_678_901_234, "12345678901234"), Field(["k": [1, "v"]], "\"{\"\"k\"\":[1,\"\"v\"\"]}\""),
    ])
    func quotesAField(_ field: Field) throws {
        #expect(try export([field.value]) == "a,b\r\n\(field.text),x\r\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"])
    func takesTheSpellFromATextThatASpreadsheetWouldRun(_ text: String) throws {
        #expect(try export([.string(text)]) == "a,b\r\n\"'\(text)\",x\r\n")
        let unguarded = try export([.string(text)], #"{"guard_formulas": false}"#)
        #expect(!unguarded.contains("'" + text))
        #expect(unguarded.contains(text))
    }

    @Test func numbersAreNeverGuarded() throws {
        #expect(try export([-3]) == "a,b\r\n-3,x\r\n")
    }

    @Test func writesAHeaderWhereThereAreNoRows() throws {
        let export = FakeExport([.init(name: "t", columns: ["a", "=b"], rows: [])])
        #expect(try export.run("csv") == ARENA_OK)
        #expect(export.files == [.init(name: "t.csv", text: "a,\"'=b\"\r\n", rows: 0)])
    }

    @Test func takesAnotherDelimiterAndAByteOrderMark() throws {
        let text = try export(["a;b", "a,b"], #"{"delimiter": ";", "bom": true}"#)
        #expect(text == "\u{FEFF}a;b\r\n\"a;b\";x\r\na,b;x\r\n")
    }

    /// [EXP-1], [EXP-3]
    @Test func readsAllPagesOfAllTablesIntoFilesWithPlainNames() throws {
        let rows = (0..<2500).map { JSONValue.object(["n": JSONValue($0)]) }
        let export = FakeExport([
            .init(name: "one", columns: ["n"], rows: rows),
            .init(name: "my plug/né/1", columns: ["n"], rows: [["n": 7]]),
        ])
        export.largestPage = 400
        #expect(try export.run("csv") == ARENA_OK)
        #expect(export.files.map(\.name) == ["one.csv", "my_plug_n___1.csv"])
        #expect(export.files.map(\.rows) == [2500, 1])
        #expect(export.text("one.csv") == "n\r\n" + (0..<2500).map { "\($0)\r\n" }.joined())
        #expect(export.call.progress.last?.done == 2501)
        #expect(export.call.progress.last?.total == 2501)
    }

    @Test func membersMayBeMissingOrInAnotherOrder() throws {
        let export = FakeExport([
            .init(name: "t", columns: ["a", "b", "c"], rows: [["c": 3, "x": 9, "a": 1], [:], ["b": 2]])
        ])
        #expect(try export.run("csv") == ARENA_OK)
        #expect(export.text("t.csv") == "a,b,c\r\n1,,3\r\n,,\r\n,2,\r\n")
    }

    @Test func writesOnlyTheTablesThatAreWanted() throws {
        let tables: [FakeExport.Table] = ["a", "b", "c"].map { .init(name: $0, columns: ["n"], rows: []) }
        let export = FakeExport(tables)
        #expect(try export.run("csv", #"{"tables": ["c", "a"]}"#) == ARENA_OK)
        #expect(export.files.map(\.name) == ["a.csv", "c.csv"])
        let other = FakeExport(tables)
        #expect(try other.run("csv", #"{"tables": ["a", "d"]}"#) == ARENA_NOT_FOUND)
        #expect(other.call.failure?.code == "csv.unknown_table")
        #expect(other.files.isEmpty)
    }

    /// [SINK-2], [CALL-3]
    @Test func stopsWhenNothingMoreIsWanted() throws {
        let rows = (0..<5000).map { JSONValue.object(["n": JSONValue($0)]) }
        let full = FakeExport([.init(name: "t", columns: ["n"], rows: rows)])
        full.refusesAfter = (4000, ARENA_RESOURCE_EXHAUSTED)
        #expect(try full.run("csv") == ARENA_RESOURCE_EXHAUSTED)
        #expect(full.pages <= 2)
        let cancelled = FakeExport([.init(name: "t", columns: ["n"], rows: rows)])
        cancelled.call.isCancelled = { $0 >= 2 }
        #expect(try cancelled.run("csv") == ARENA_CANCELLED)
        #expect(cancelled.pages == 1)
    }
}
