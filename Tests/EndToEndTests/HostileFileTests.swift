import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// What the host makes of files that lie, before any code of theirs is run: each is named, with its cure, and the others
/// go on.
@Suite(.startsProcesses, .serialized)
struct HostileFileTests {
    /// Drops all of them into the plugin directory at once, then says of each what is wrong.
    private func expect(
        _ expected: [String: (state: String, code: String)], place: (String) throws -> Void
    ) async throws {
        try await TestHouse.withHouse { house in
            let staging = "\(house.home)/staging"
            try FileManager.default.createDirectory(
                atPath: staging, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            try place(staging)
            for name in expected.keys {
                try FileManager.default.moveItem(atPath: "\(staging)/\(name)", toPath: "\(house.home)/plugins/\(name)")
            }
            for (name, (state, code)) in expected {
                try await house.settle(name)
                let status = try await house.status(name)
                #expect(status.state.name == state, "\(name)")
                #expect(status.failure?.code == code, "\(name): \(status.failure?.message ?? "")")
                #expect(status.failure?.message.contains(name) == true, "\(status.failure?.message ?? "")")
                #expect(status.failure?.hint?.isEmpty == false, "\(name)")
            }
            #expect(try await house.isAlive())
        }
    }

    // MARK: ELF notes

    /// One false number in a library that carries its manifest. Offsets are from the note's first byte.
    private struct Lie {
        var note: [(offset: Int, value: UInt32)] = []
        /// In the program header of the note's segment.
        var segment: [(offset: Int, value: UInt64)] = []
        var code = "plugin.library_invalid"
    }

    private static let lies = [
        "owner-of-4-GiB.so": Lie(note: [(0, .max)]),
        "owner-reaches-into-content.so": Lie(note: [(0, 4096)]),
        "no-owner.so": Lie(note: [(0, 0)], code: "plugin.manifest_missing"),
        "other-type.so": Lie(note: [(8, 7)], code: "plugin.manifest_missing"),
        "content-of-4-GiB.so": Lie(note: [(4, .max)]),
        "content-behind-segment.so": Lie(note: [(4, 1 << 20)]),
        "content-cut-short.so": Lie(note: [(4, 40)]),
        "no-content.so": Lie(note: [(4, 0)]),
        "sum-wraps-around.so": Lie(note: [(0, 0xFFFF_FFF4), (4, 0xFFFF_FFFC)]),
        "segment-behind-file.so": Lie(segment: [(8, 1 << 40)]),
        "segment-larger-than-file.so": Lie(segment: [(32, 1 << 40)]),
        "segment-wraps-around.so": Lie(segment: [(8, .max - 16), (32, 64)]),
    ]

    @Test func aLibraryWhoseNoteLiesIsBroken() async throws {
        let sound = Array(try Data(contentsOf: URL(filePath: CompiledPlugin.shared("noted.c").path)))
        let expected = Self.lies.mapValues { (state: "broken", code: $0.code) }
        try await expect(expected) { staging in
            for (name, lie) in Self.lies {
                try Data(try Self.falsified(sound, lie)).write(to: URL(filePath: "\(staging)/\(name)"))
                chmod("\(staging)/\(name)", 0o755)
            }
        }
    }

    private static func falsified(_ sound: [UInt8], _ lie: Lie) throws -> [UInt8] {
        var bytes = sound
        let note = try #require(bytes.firstRange(of: Array("Arena\0".utf8))?.lowerBound) - 12
        for (offset, value) in lie.note { put(value, at: note + offset, in: &bytes) }
        let headers = Int(number(at: 32, in: sound))
        for header in (0..<Int(sound[56])).map({ headers + $0 * 56 }) where sound[header] == 4 {  // PT_NOTE
            let start = Int(number(at: header + 8, in: sound))
            guard (start..<start + Int(number(at: header + 32, in: sound))).contains(note) else { continue }
            for (offset, value) in lie.segment { put(value, at: header + offset, in: &bytes) }
        }
        #expect(bytes != sound)
        return bytes
    }

    private static func put(_ value: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
    }

    private static func number(at offset: Int, in bytes: [UInt8]) -> UInt64 {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: Manifests, archives, links

    @Test func aManifestOrLinkThatLiesIsRefusedAndAnArchiveIsNeverUnpacked() async throws {
        let targets = [
            "link-to-system": "/etc/passwd", "link-to-home": "../../arena.db", "link-up": "../link-up/../..",
        ]
        var expected = [
            "bomb": (state: "broken", code: "plugin.manifest_invalid"),
            "bytes": (state: "broken", code: "plugin.manifest_invalid"),
            "links.zip": (state: "broken", code: "plugin.manifest_missing"),
            "links.tar": (state: "broken", code: "plugin.manifest_missing"),
        ]
        for name in targets.keys { expected[name] = (state: "refused", code: "plugin.unsafe_link") }
        try await expect(expected) { staging in
            try Self.write(Array(Self.bomb.utf8), "\(staging)/bomb", "plugin.yaml")
            let noText = Array(#"{"id": "bytes", "title": ""#.utf8) + [0xC3, 0x28] + Array("\"}".utf8)
            try Self.write(noText, "\(staging)/bytes", "plugin.json")
            for (name, target) in targets {
                try Self.write(
                    Array(#"{"id": "\#(name)", "version": "1.0.0"}"#.utf8), "\(staging)/\(name)", "plugin.json")
                try FileManager.default.createSymbolicLink(
                    atPath: "\(staging)/\(name)/notes", withDestinationPath: target)
            }
            try Self.archive(staging)
        }
    }

    /// Eight to the tenth texts, by aliases of aliases.
    private static let bomb =
        "id: bomb\nversion: 1.0.0\na0: &a0 [x, x, x, x, x, x, x, x]\n"
        + (1...9).map { level in
            let aliases = Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ", ")
            return "a\(level): &a\(level) [\(aliases)]\n"
        }.joined()

    private static func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// Archives whose one entry is a link out of wherever they are unpacked.
    private static func archive(_ folder: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.archiver, folder]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private static let archiver = """
        import os, stat, sys, tarfile, zipfile

        with tarfile.open(os.path.join(sys.argv[1], "links.tar"), "w") as archive:
            entry = tarfile.TarInfo("../plugin.json")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
        with zipfile.ZipFile(os.path.join(sys.argv[1], "links.zip"), "w") as archive:
            entry = zipfile.ZipInfo("../plugin.json")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
        """
}
