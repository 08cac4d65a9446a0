import CArenaPlugin
import CArenaPluginKit
import Testing

/// The helpers for plugins in C.
@Suite struct KitTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func hashesAsTheStandardSays(_ text: String, _ expected: String) {
        #expect(Self.sha256(text, chunk: .max) == expected)
        #expect(Self.sha256(text, chunk: 37) == expected)
    }

    private static func sha256(_ text: String, chunk: Int) -> String {
        var digest = ak_sha256()
        ak_sha256_begin(&digest)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(chunk))
            ak_sha256_add(&digest, part, UInt64(part.count))
            rest = rest.dropFirst(part.count)
        }
        var hex = [CChar](repeating: 0, count: 65)
        ak_sha256_hex(&digest, &hex)
        return String(decoding: hex.prefix(64).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test(arguments: [
        "null", " true ", "-0", "1.5e+10", #""a\u00e4\ud83d\ude00\n""#, "[]", "{}", "[1,[2,{\"a\":[]}]]",
        #"{"a":1,"b":{"a":2}}"#, String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
    ])
    func readsWhatIsJSON(_ text: String) {
        #expect(Self.problem(of: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        "", " ", "nul", "01", "+1", "1.", ".5", "1e", "-", "[1,]", "[1 2]", "[", "{\"a\"}", "{\"a\":1,}", "{a:1}",
        "'a'",
        #""\x""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#, "\"a", "\"\u{1}\"", "1 2", #"{"a":1,"a":2}"#,
        #"{"a":1,"\u0061":2}"#, "nan", "[1]]", String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func refusesWhatIsNot(_ text: String) {
        #expect(Self.problem(of: Array(text.utf8)) != nil)
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func refusesJSONThatIsNotUTF8(_ bytes: [UInt8]) {
        #expect(Self.problem(of: [0x22] + bytes + [0x22]) != nil)
        var text = bytes.map { CChar(bitPattern: $0) }
        let count = UInt64(text.count)
        let isValid = text.withUnsafeMutableBufferPointer { ak_is_utf8(arena_str(ptr: $0.baseAddress, len: count)) }
        #expect(isValid == 0)
    }

    /// Every cut of a document is refused and none reads past the end.
    @Test func refusesEveryCutOfADocument() {
        let document = Array(#"{"k\u00e9y": [1.5e3, "\ud83d\ude00ä", null, {"x": [true, false]}]}"#.utf8)
        #expect(Self.problem(of: document) == nil)
        for length in 0..<document.count { #expect(Self.problem(of: Array(document.prefix(length))) != nil) }
    }

    private static func problem(of bytes: [UInt8]) -> String? {
        // A copy of exactly this size, so that a memory checker sees a read past its end.
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        defer { memory.deallocate() }
        for (index, byte) in bytes.enumerated() { memory[index] = CChar(bitPattern: byte) }
        var json = ak_json()
        defer { ak_json_free(&json) }
        let parsed = ak_json_parse(&json, arena_str(ptr: memory, len: UInt64(bytes.count)))
        return parsed != 0 ? nil : json.problem.map { String(cString: $0) } ?? "no problem named"
    }

    @Test func findsMembersAndDecodesStrings() {
        lend(#"{"n": -2.5, "t\u0065xt": "a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00", "yes": true, "o": {"n": 7}}"#) { text in
            var json = ak_json()
            defer { ak_json_free(&json) }
            #expect(ak_json_parse(&json, text) == 1)
            #expect(ak_json_double(&json, ak_json_member(&json, 0, "n"), 0) == -2.5)
            #expect(ak_json_bool(&json, ak_json_member(&json, 0, "yes"), 0) == 1)
            #expect(ak_json_double(&json, ak_json_member(&json, ak_json_member(&json, 0, "o"), "n"), 0) == 7)
            #expect(ak_json_member(&json, 0, "none") == UInt32.max)
            var decoded = ak_text()
            defer { ak_text_free(&decoded) }
            ak_json_put_string(&json, ak_json_member(&json, 0, "text"), &decoded)
            #expect(ak_text_str(&decoded).text == "a\"\\/\u{8}\u{c}\n\r\tä😀")
        }
    }

    @Test(arguments: ["", "a\"b\\c/d", "\u{1}\u{1f}\u{7f}\n", "ä€😀\u{2028}"])
    func writesStringsThatReadBackTheSame(_ text: String) {
        lend(text) { content in
            var written = ak_text()
            var read = ak_text()
            var json = ak_json()
            defer {
                ak_json_free(&json)
                ak_text_free(&written)
                ak_text_free(&read)
            }
            ak_put_json_string(&written, content)
            #expect(ak_json_parse(&json, ak_text_str(&written)) == 1)
            ak_json_put_string(&json, 0, &read)
            #expect(ak_text_str(&read).text == text)
        }
    }

    @Test(arguments: ["aé€😀\u{10FFFF}", "\u{0}", "日本語"])
    func walksScalarsForthAndBack(_ text: String) {
        let scalars = text.unicodeScalars.map(\.value)
        lend(text) { str in
            var at: UInt64 = 0
            var forth: [UInt32] = []
            while at < str.len { forth.append(ak_next_scalar(str, &at, nil)) }
            var back: [UInt32] = []
            while at > 0 { back.append(ak_previous_scalar(str, &at)) }
            #expect(forth == scalars)
            #expect(back.reversed() == scalars)
        }
    }

    @Test(arguments: [("  a b\u{2003}\n", "a b"), ("\u{3000}", ""), ("", ""), ("x", "x")])
    func trimsUnicodeWhiteSpace(_ text: String, _ expected: String) {
        #expect(lend(text) { ak_trim($0).text } == expected)
    }
}
