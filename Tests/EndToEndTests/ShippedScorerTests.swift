import ArenaCore
import ArenaPluginHost
import ArenaTestSupport
import Foundation
import Testing

/// The bundled scorers without Arena code, through the program that people run.
@Suite(.startsProcesses)
struct ShippedScorerTests {
    private func score(_ scorer: String, _ lines: [String], _ more: [String] = []) throws -> [String] {
        let folder = "/tmp/arena-shipped-\(Identifier.random())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let home = folder + "/home"
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let items = folder + "/items.jsonl"
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: items))
        let process = Process()
        process.executableURL = URL(filePath: TestHouse.products + "/arena")
        process.arguments = ["score", scorer, "--items", items, "--home", home] + more
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func aFunctionOfTheSystemsLibraryScores() throws {
        let lines = try score(
            "likelihood",
            [#"{"item_id":"1","output":"-0.6931471805599453"}"#, #"{"item_id":"2","output":"no number"}"#])
        #expect(lines.count == 2 && lines[0].contains(#""value":0.5"#) && lines[1].contains("unparsable"))
    }

    @Test func aFunctionOfOurOwnLibraryScores() throws {
        let lines = try score("jaro_winkler", [#"{"item_id":"1","output":"MARTHA","reference":"MARHTA"}"#])
        #expect(lines.count == 1 && lines[0].contains(#""value":0.9611"#))
    }

    @Test func aProgramInPythonScores() throws {
        let lines = try score(
            "python_syntax", [#"{"item_id":"1","output":"print(1)"}"#, #"{"item_id":"2","output":"print(1"}"#])
        #expect(lines.count == 2 && lines[0].contains(#""value":1"#) && lines[1].contains("never closed"))
    }

    @Test func aPatternThatIsWrongSaysWhere() throws {
        #expect(
            try score("regex", [#"{"item_id":"1","output":"a 42"}"#], ["--config", #"{"pattern":"\\d+"}"#]).count == 1)
    }
}
