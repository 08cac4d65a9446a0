import ArenaJSON
import Testing

@Suite struct ValueTests {
    @Test func accessorsAnswerForTheirKindOnly() {
        let value: JSONValue = ["s": "text", "i": 3, "d": 0.5, "b": true, "a": [1, 2], "n": nil]
        #expect(value["s"]?.string == "text")
        #expect(value["i"]?.int == 3)
        #expect(value["d"]?.double == 0.5)
        #expect(value["d"]?.int == nil)
        #expect(value["b"]?.bool == true)
        #expect(value["a"]?.array?.count == 2)
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["none"] == nil)
        #expect(value["s"]?.int == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value[0] == nil)
        #expect(value["i"]?.string == nil)
        #expect(value.object?.keys == ["s", "i", "d", "b", "a", "n"])
    }

    @Test(arguments: [3, 100])
    func objectsKeepOrderThroughChanges(count: Int) {
        var object = JSONObject()
        for index in 0..<count { object["k\(index)"] = .init(index) }
        object["k1"] = "new"
        object["k0"] = nil
        object["absent"] = nil
        object["k0"] = "back"
        #expect(object.count == count)
        #expect(object.keys == (1..<count).map { "k\($0)" } + ["k0"])
        #expect(object["k1"] == "new")
        #expect(object["k0"] == "back")
        #expect(object["k\(count - 1)"] != nil)
        #expect(object.contains("k2") && !object.contains("k\(count)"))
    }

    @Test func removingBelowTheScanLimitStillFindsMembers() {
        var object = JSONObject((0..<40).map { ("k\($0)", JSONValue($0)) })
        for index in stride(from: 0, to: 40, by: 2) { object["k\(index)"] = nil }
        for index in 0..<40 { #expect(object["k\(index)"]?.int == (index % 2 == 0 ? nil : index)) }
        for index in 0..<35 { object["k\(index)"] = nil }
        #expect(object.keys == ["k35", "k37", "k39"])
        #expect(object["k37"] == 37)
    }

    @Test func aLiteralsLastValueOfAKeyStays() {
        let value: JSONValue = ["a": 1, "b": 2, "a": 3]
        #expect(value.text() == #"{"a":3,"b":2}"#)
    }

    @Test(
        arguments: [
            ("", [:]), ("/a/0", 1), ("/a~1b/m~0n", 2), ("/", 3), ("/a/1", nil), ("/a/-", nil), ("/a/00", nil),
            ("/x", nil),
            ("/a/0/y", nil), ("/ ", nil),
        ] as [(String, JSONValue?)])
    func pointersFindTheirPlace(text: String, expected: JSONValue?) throws {
        let document: JSONValue = ["a": [1], "a/b": ["m~n": 2], "": 3]
        let pointer = try #require(JSONPointer(text))
        #expect(pointer.description == text)
        #expect(document[pointer] == (text.isEmpty ? document : expected))
    }

    @Test(arguments: ["a", "/~", "/~2", "/a~", "#/a"])
    func refusesTextThatIsNoPointer(text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
