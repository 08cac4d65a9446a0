import Glibc
import Synchronization

/// Shared libraries built by the C compiler of the machine while the tests run.
enum TestLibrary {
    private static let built = Mutex<[String: [UInt8]]>([:])

    /// A library whose note carries `manifest`; without a manifest one that carries none. `source` is added to it.
    static func bytes(manifest: String?, source: String = "int arena_test_symbol;") throws -> [UInt8] {
        var text = "#include \"arena/manifest.h\"\n\(source)\n"
        if let manifest {
            let literal = manifest.utf8.map { byte in
                byte < 32 || byte > 126 || byte == 34 || byte == 92 || byte == 63
                    ? "\\" + octal(byte) : String(UnicodeScalar(byte))
            }
            text += "ARENA_MANIFEST(\"\(literal.joined())\");\n"
        }
        return try compile(text)
    }

    /// Compiles C text to a shared library, or with other `flags` to something else.
    static func compile(_ text: String, flags: [String] = ["-shared"]) throws -> [UInt8] {
        let key = flags.joined(separator: " ") + text
        if let known = built.withLock({ $0[key] }) { return known }
        let folder = try TestFolder()
        try folder.write("library.c", text)
        let command =
            ["cc"] + flags + ["-fPIC", "-I", includes, "-o", folder("library.so"), folder("library.c")]
        let status = run(command)
        guard status == 0 else { throw Failed(command.joined(separator: " "), status) }
        let bytes = try folder.read("library.so")
        built.withLock { $0[key] = bytes }
        return bytes
    }

    static let textManifest = """
        {"id": "text", "version": "1.2.0", "abi": "1.0", \
        "provides": [{"interface": "arena.scorer/1", "id": "exact_match"}]}
        """

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static var includes: String {
        let parts = #filePath.split(separator: "/")
        return "/" + parts.dropLast(4).joined(separator: "/") + "/Sources/CArenaPlugin/include"
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
