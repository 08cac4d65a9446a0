import ArenaPluginHost
import Testing

@Suite("Manifest note of a library")
struct ElfManifestTests {
    private let sound: [UInt8]

    init() throws { sound = try TestLibrary.bytes(manifest: TestLibrary.textManifest) }

    @Test func isReadWithoutTheTerminatingZero() throws {
        #expect(try ElfManifest.read(sound) == Array(TestLibrary.textManifest.utf8))
    }

    @Test func isReadFromLargeAndEmptyNotes() throws {
        let large = String(repeating: "x", count: 200 << 10)
        #expect(try ElfManifest.read(TestLibrary.bytes(manifest: large)).count == 200 << 10)
        #expect(try ElfManifest.read(TestLibrary.bytes(manifest: "")).isEmpty)
    }

    @Test(arguments: [["-s"], ["-Wl,--gc-sections"], ["-O2", "-g"]])
    func survivesFlagsThatRemoveSymbolsAndSections(flags: [String]) throws {
        let text = "#include \"arena/manifest.h\"\nARENA_MANIFEST(\"{}\");"
        #expect(try ElfManifest.read(TestLibrary.compile(text, flags: ["-shared"] + flags)) == Array("{}".utf8))
    }

    @Test func isFoundByItsSectionWhenNoSegmentHoldsIt() throws {
        let folder = try TestFolder()
        try folder.write("plain.so", TestLibrary.bytes(manifest: nil))
        let text = Array("{\"id\": 1}".utf8) + [0, 0, 0]
        let note: [UInt8] = [6, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0] + Array("Arena\0\0\0".utf8) + text
        try folder.write("note.bin", note)
        let status = run([
            "objcopy", "--add-section", ".note.arena.manifest=\(folder("note.bin"))", "--set-section-flags",
            ".note.arena.manifest=noload,readonly", folder("plain.so"), folder("stamped.so"),
        ])
        try #require(status == 0)
        #expect(try ElfManifest.read(folder.read("stamped.so")) == Array("{\"id\": 1}".utf8))
    }

    @Test func refusesWhatIsNoLibrary() throws {
        #expect(throws: ElfManifest.Problem.notElf) { try ElfManifest.read([]) }
        #expect(throws: ElfManifest.Problem.notElf) { try ElfManifest.read(Array("not a library".utf8)) }
        #expect(throws: ElfManifest.Problem.notElf) { try ElfManifest.read(Array(sound[..<63])) }
        let executable = try TestLibrary.compile("int main(void) { return 0; }", flags: ["-no-pie", "-static"])
        #expect(throws: ElfManifest.Problem.notASharedLibrary) { try ElfManifest.read(executable) }
        let object = try TestLibrary.compile("int x;", flags: ["-c"])
        #expect(throws: ElfManifest.Problem.notASharedLibrary) { try ElfManifest.read(object) }
    }

    @Test(arguments: [(4, UInt8(1)), (5, 2), (18, 3)])
    func refusesAnotherPlatform(offset: Int, value: UInt8) {
        var bytes = sound
        bytes[offset] = value
        #expect(throws: ElfManifest.Problem.notThisPlatform) { try ElfManifest.read(bytes) }
    }

    @Test func saysWhenThereIsNone() throws {
        let plain = try TestLibrary.bytes(manifest: nil)
        #expect(throws: ElfManifest.Problem.missing) { try ElfManifest.read(plain) }
    }

    @Test func refusesTwo() throws {
        let second = """
            ARENA_NOTE_ATTRIBUTES static const ARENA_NOTE_STRUCT(2) another = {6, 2, ARENA_NOTE_TYPE, "Arena", "{}"};
            """
        let bytes = try TestLibrary.bytes(manifest: "{}", source: second)
        #expect(throws: ElfManifest.Problem.duplicate) { try ElfManifest.read(bytes) }
    }

    @Test func refusesMoreThan256KiB() throws {
        let bytes = try TestLibrary.bytes(manifest: String(repeating: "x", count: (256 << 10) + 1))
        #expect(throws: ElfManifest.Problem.manifestTooLarge((256 << 10) + 1)) { try ElfManifest.read(bytes) }
    }

    @Test func refusesWhatIsNotUTF8() throws {
        let note = """
            ARENA_NOTE_ATTRIBUTES static const ARENA_NOTE_STRUCT(2) n = {6, 2, ARENA_NOTE_TYPE, "Arena", "\\377\\376"};
            """
        let bytes = try TestLibrary.bytes(manifest: nil, source: note)
        #expect(throws: ElfManifest.Problem.notUTF8) { try ElfManifest.read(bytes) }
    }

    /// A file cut short while it is copied: an error at every length, or the whole manifest once it is there.
    @Test func survivesEveryTruncation() {
        for count in stride(from: 0, to: sound.count, by: 7) {
            let read = try? ElfManifest.read(Array(sound[..<count]))
            #expect(read == nil || read == Array(TestLibrary.textManifest.utf8))
        }
    }

    /// Flips, large numbers and cuts in headers, section tables and notes; a trap would end the test process.
    @Test(arguments: 0..<8)
    func survivesMutation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sections = Int(sound[40..<48].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        let patterns: [[UInt8]] = [
            [0xff], [0, 0, 0, 0], [UInt8](repeating: 0xff, count: 8), [0xff, 0xff, 0xff, 0x7f], [4, 0, 0, 0],
        ]
        var outcomes: Set<String> = []
        for _ in 0..<1500 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at: Int =
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: .random(in: 0..<1024, using: &random)
                    case 1: min(bytes.count - 1, sections + .random(in: 0..<3000, using: &random))
                    default: .random(in: 0..<bytes.count, using: &random)
                    }
                let noise: [UInt8] = [.random(in: 0...255, using: &random)]
                let pattern = Bool.random(using: &random) ? noise : patterns.randomElement(using: &random) ?? noise
                for (index, value) in pattern.enumerated() where at + index < bytes.count { bytes[at + index] = value }
            }
            if Int.random(in: 0..<8, using: &random) == 0 {
                bytes.removeLast(.random(in: 0..<bytes.count, using: &random))
            }
            do throws(ElfManifest.Problem) {
                outcomes.insert(try ElfManifest.read(bytes).count > 256 << 10 ? "too much" : "read")
            } catch {
                outcomes.insert("\(error)")
            }
        }
        #expect(outcomes.contains("read"))
        #expect(outcomes.count > 4)
        #expect(!outcomes.contains("too much"))
    }
}
