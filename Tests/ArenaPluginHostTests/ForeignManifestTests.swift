import ArenaPluginABI
import ArenaPluginHost
import Glibc
import Testing

@Suite("Scorers without Arena code in a manifest")
struct ForeignManifestTests {
    private let home: TestFolder

    init() throws { home = try TestFolder() }

    private func judge(_ scorers: String) throws -> PluginCandidate {
        try home.write("a/libown.so", TestLibrary.bytes(manifest: nil))
        try home.write("a/plugin.yaml", "id: demo\nversion: '1'\n" + scorers)
        return try #require(PluginScanner(home: home.path).scan().candidates.first)
    }

    private static let examples =
        "    examples: [{output: a, score: 0}, {output: b, score: 1}, {output: c, score: 1}]\n"
    private static let function = """
        ffi_scorers:
          - id: alike
            library: libown.so
            symbol: alike
            arguments: [{output: cstring}, {reference: string}, {input: i64}]
            returns: {i32: {min: 0, max: 100}}

        """ + examples
    private static let program = """
        exec_scorers:
          - id: spelling
            command: [python3, score.py, --strict]
            examples: [{output: a, reference: b, score: 0.5, tolerance: 0.1}]

        """

    @Test func areReadAndAskedFor() throws {
        let found = try judge(Self.function + Self.program)
        let manifest = try #require(found.manifest, "\(found.outcome)")
        #expect(manifest.provides.map(\.id) == ["alike", "spelling"] && manifest.warnings.isEmpty)
        #expect(manifest.library == nil && manifest.provides.allSatisfy { $0.isSupported && $0.interface == .scorer })
        guard case .function(let function) = manifest.provides[0].foreign else { return #expect(Bool(false)) }
        #expect(function.arguments.map(\.type) == [.cstring, .string, .i64] && function.range == 0...100)
        #expect(function.returns == .i32 && function.symbol == "alike")
        #expect(manifest.provides[1].foreign == .program(["python3", "score.py", "--strict"]))
        #expect(manifest.examples.map(\.scorer) == ["alike", "alike", "alike", "spelling"])
        let asks = PluginAsks(manifest)
        #expect(asks.tokens == ["exec: python3 score.py --strict", "ffi: libown.so alike"])
        #expect(
            asks.tokens.map(PluginAsks.words) == [
                "run the program `python3 score.py --strict`", "call the function alike of libown.so",
            ])
    }

    @Test(arguments: [
        ("library: libown.so", "library: libc.so.6", "neither a file of this folder", "line 5"),
        ("library: libown.so", "library: ../libown.so", "neither a file of this folder", "line 5, column 14"),
        ("library: libown.so", "library: /usr/lib/x.so", "neither a file of this folder", "line 5"),
        ("symbol: alike", "symbol: 'a b'", "no name of a C function", "line 6, column 13"),
        ("symbol: alike", "title: alike", "`symbol` is missing", "line 4"),
        ("{output: cstring}", "{answer: cstring}", "`output`, `reference` or `input`", "line 7"),
        ("{output: cstring}", "{output: pointer}", "`string`, `cstring`", "line 7, column 26"),
        ("{output: cstring}, ", "", "no argument is made of the `output`", "line 4"),
        ("[{output: cstring}, {reference: string}, {input: i64}]", "[]", "a list of 1 to 8", "line 4"),
        ("i32: {min", "char: {min", "`double`, `float`, `i32` or `i64`", "line 8"),
        ("min: 0, max: 100", "min: 1, max: 1", "`min` must be less than `max`", "line 8"),
        ("max: 100", "most: 100", "`max` is missing", "line 8"),
        ("{output: a, score: 0}, ", "", "at least 3", "line 4"),
        ("id: alike", "id: Alike!", "no name", "line 4, column 9"),
    ])
    func aFunctionThatIsWrongIsAnErrorWithItsPlace(
        part: String, replacement: String, names: String, place: String
    ) throws {
        let error = try #require(try judge(Self.function.replacing(part, with: replacement)).error)
        #expect(error.reason == .manifestInvalid, "\(error)")
        #expect(error.message.contains(names) && error.message.contains(place), "\(error.message)")
        #expect(error.hint?.isEmpty == false)
    }

    @Test(arguments: [
        ("[python3, score.py, --strict]", "[]", "1 to 64 words", "line 5, column 14"),
        ("[python3, score.py, --strict]", "python3", "must be a list", "line 5, column 14"),
        ("[python3, score.py, --strict]", "[/bin/sh, -c, x]", "neither the name of a program", "line 5"),
        ("[python3, score.py, --strict]", "[./../x]", "neither the name of a program", "line 5"),
        ("command", "comand", "`command` is missing", "line 4"),
        ("[{output: a, reference: b, score: 0.5, tolerance: 0.1}]", "[]", "`examples` is missing", "line 4"),
    ])
    func aProgramThatIsWrongIsAnErrorWithItsPlace(
        part: String, replacement: String, names: String, place: String
    ) throws {
        let error = try #require(try judge(Self.program.replacing(part, with: replacement)).error)
        #expect(error.reason == .manifestInvalid, "\(error)")
        #expect(error.message.contains(names) && error.message.contains(place), "\(error.message)")
        #expect(error.hint?.isEmpty == false)
    }

    @Test func aNameIsTakenWhateverTheForm() throws {
        let twice = Self.function + Self.program.replacing("spelling", with: "alike")
        #expect(try judge(twice).error?.message.contains("used twice") == true)
    }

    @Test func theLibraryMustBeInTheFolder() throws {
        let error = try judge(Self.function.replacing("libown.so", with: "lib/absent.so")).error
        #expect(error?.reason == .libraryInvalid && error?.message.contains("lib/absent.so") == true)
    }

    @Test func aLibraryMayCarryTheManifestOfItsFunctions() throws {
        let manifest = """
            {"id": "demo", "version": "1", "ffi_scorers": [{"id": "alike", "symbol": "alike",
             "arguments": [{"output": "string"}], "returns": {"double": {"min": 0, "max": 1}},
             "examples": [{"output": "a", "score": 1}, {"output": "b", "score": 1}, {"output": "c", "score": 1}]}]}
            """
        try home.write("libdemo.so", TestLibrary.bytes(manifest: manifest))
        let found = try #require(PluginScanner(home: home.path).scan().candidates.first)
        let read = try #require(found.manifest, "\(found.outcome)")
        guard case .function(let function) = read.provides.first?.foreign else { return #expect(Bool(false)) }
        #expect(function.library == "libdemo.so" && read.library == nil)
    }

    @Test func ofTheBundledFoldersOnlyThoseWithAManifestInYAMLCount() throws {
        try home.write("bin/arena", "executable")
        try home.write("share/arena/plugins/spelling/plugin.yaml", "id: arena.spelling\nversion: '1'\n" + Self.program)
        try home.write("share/arena/plugins/spelling/score.py", "")
        try home.write("share/arena/plugins/sources/plugin.json", "{}")
        try home.write("share/arena/plugins/README.md", "")
        let bundled = PluginDirectory(path: home("bin"), origin: .bundled(executableOwner: geteuid()))
        let folders = try #require(bundled.folderPlugins())
        #expect(folders.path == home("share/arena/plugins") && folders.isBundled)
        let found = PluginScanner([folders]).scan().candidates
        #expect(found.map(\.id) == ["arena.spelling"] && found.first?.location.isFirstParty == true)
    }

    @Test func inACheckoutTheyAreAmongTheSources() throws {
        let bundled = try #require(PluginDirectory.bundled())
        let folders = try #require(bundled.folderPlugins())
        #expect(folders.path.hasSuffix("/Plugins"))
        let found = PluginScanner([folders]).scan().candidates.compactMap(\.manifest?.id)
        #expect(Set(found).isSuperset(of: ["likelihood", "python_syntax"]), "\(found)")
    }
}
