import ArenaCommands
import ArenaCore
import ArenaJSON
import Testing

/// The command line as a shell sees it.
struct CommandLineToolTests {
    @Test(arguments: [[], ["--help"], ["help"], ["completions", "--help"]])
    func helpIsAnAnswer(arguments: [String]) async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(arguments, console: capture.console) == 0)
        #expect(capture.answer.contains("USAGE: arena"))
        #expect(capture.notes.isEmpty)
    }

    @Test func versionIsOneLine() async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(["--version"], console: capture.console) == 0)
        #expect(capture.answer.split(separator: ".").count == 3)
    }

    @Test(arguments: [["nonsense"], ["--nonsense"], ["completions"], ["completions", "tcsh"]])
    func argumentsThatDoNotParseAreUsageErrors(arguments: [String]) async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(arguments, console: capture.console) == 64)
        #expect(capture.answer.isEmpty)
        let lines = capture.notes.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("error: ") == true)
        #expect(lines.last?.hasPrefix("hint: See 'arena") == true)
    }

    @Test func anErrorIsTheDocumentWhenJSONWasAskedFor() async throws {
        let capture = try Capture(isJSON: true)
        #expect(await CommandLineTool.run(["nonsense"], console: capture.console) == 64)
        #expect(capture.document["error"]?["code"] == "usage")
        #expect(capture.notes.hasPrefix("error: "))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func printsACompletionScript(shell: String) async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(["completions", shell], console: capture.console) == 0)
        #expect(capture.answer.contains("completions"))
        #expect(capture.notes.isEmpty)
    }
}

/// What goes where.
struct ConsoleTests {
    private static let failure = Failure(
        code: "lane.unreachable", category: .unavailable, message: "a\u{1B}[2Jb", hint: "c\nd")

    @Test func givesTextToPeopleAndADocumentToPrograms() throws {
        let people = try Capture()
        people.console.answer(["n": 1]) { _ in "one\n" }
        #expect(people.answer == "one\n")
        let programs = try Capture(isJSON: true)
        programs.console.answer(["n": 1]) { _ in "one\n" }
        #expect(programs.document == ["n": 1])
    }

    @Test func neverPrintsASecondDocument() throws {
        let capture = try Capture(isJSON: true)
        capture.console.answer(["id": "j1"]) { _ in "" }
        capture.console.report(Self.failure)
        #expect(capture.document == ["id": "j1"])
        #expect(capture.notes.hasPrefix("error: "))
    }

    @Test func endsJSONLinesWithTheErrorInALine() throws {
        let capture = try Capture(isJSON: true)
        capture.console.answerLine(["item_id": "1"])
        capture.console.report(Self.failure)
        let lines = capture.answer.split(separator: "\n").map { try? JSONValue(parsing: String($0)) }
        #expect(lines.count == 2)
        #expect(lines.first == ["item_id": "1"])
        #expect(lines.last??["error"]?["code"] == "lane.unreachable")
    }

    @Test func printsErrorsWithoutWhatATerminalWouldObey() throws {
        let capture = try Capture()
        capture.console.report(Self.failure)
        #expect(capture.notes == "error: a\u{FFFD}[2Jb\nhint: c d\n")
        #expect(capture.answer.isEmpty)
    }

    @Test(arguments: [
        ([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true), (["TERM": "dumb"], false),
    ])
    func usesColourOnATerminalUnlessToldNotTo(environment: [String: String], isColoured: Bool) throws {
        let terminal = try Terminal()
        defer { terminal.end() }
        let output = terminal.descriptor
        let console = Console(isJSON: false, environment: environment, output: output, errors: output)
        #expect(console.style.usesColour == isColoured)
        #expect(console.errorStyle.usesColour == isColoured)
        #expect(console.isWatched == (environment["TERM"] != "dumb"))
    }

    @Test func usesNoColourInAFile() throws {
        let capture = try Capture(environment: ["TERM": "xterm-256color"])
        #expect(capture.console.style == .plain)
        #expect(!capture.console.isWatched)
    }

    @Test func drawsNoProgressWhereNobodyWatches() throws {
        let capture = try Capture()
        let bar = ProgressBar(console: capture.console)
        bar.update(done: 1, total: 2)
        bar.finish()
        #expect(capture.notes.isEmpty)
    }

    @Test(arguments: [
        (5, 10, 10, "████████████░░░░░░░░░░░░ 50%  5/10  0:10 left  scoring"),
        (0, 10, 3, "░░░░░░░░░░░░░░░░░░░░░░░░ 0%  0/10  scoring"),
        (10, 10, 3, "████████████████████████ 100%  10/10  scoring"),
        (11, 10, 3, "████████████████████████ 100%  11/10  scoring"),
        (1, 1000, 10, "░░░░░░░░░░░░░░░░░░░░░░░░ 0%  1/1000  2:46:30 left  scoring"),
        (7, nil, 65, "7 done  1:05  scoring"),
    ])
    func showsHowFarThingsAre(done: Int, total: Int?, seconds: Int, line: String) {
        let drawn = ProgressBar.line(
            done: done,
            total: total,
            phase: "scoring",
            elapsed: .seconds(seconds),
            width: 78
        )
        #expect(drawn == line)
    }

    @Test func keepsItsProgressInOneLine() {
        let phase = String(repeating: "x", count: 200)
        #expect(ProgressBar.line(done: 1, total: 2, phase: phase, elapsed: .zero, width: 40).count == 40)
    }
}

struct TextTableTests {
    @Test func alignsTextLeftAndNumbersRight() {
        var table = TextTable([.init("NAME"), .init("N", isNumeric: true), .init("EMPTY"), .init("STATE")])
        table.add(["a", "5", "", "ready"])
        table.add(["long name", "1234", "", ""])
        #expect(
            table.text(.plain) == """
                NAME          N  STATE
                a             5  ready
                long name  1234

                """
        )
    }

    @Test func alignsTheSameInColour() {
        var table = TextTable([.init("A"), .init("B")])
        table.add([.init("x", .good), "y"])
        #expect(table.text(.colour) == "\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m\n\u{1B}[32mx\u{1B}[0m  y\n")
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", "a\u{FFFD}[31mb"), ("a\nb\tc", "a b c"), ("\u{202E}abc", "\u{FFFD}abc"),
        ("naïve 漢字 👩‍🚀", "naïve 漢字 👩‍🚀"),
    ])
    func makesForeignTextSafeToPrint(text: String, printed: String) {
        #expect(text.printable == printed)
    }

    @Test func cutsLongTextWithAMark() {
        #expect("abcdef".shortened(to: 4) == "abc…")
        #expect("abcd".shortened(to: 4) == "abcd")
    }
}
