import ArenaCore
import ArenaPluginHost
import Glibc

/// The machine's clock, shifted: ahead of it, files that were just written have settled.
struct ShiftedClock: WallClock {
    var shift: Duration = .seconds(10)
    func now() -> Timestamp { SystemClock().now() + shift }
}

/// Groups as a test wants them.
struct FixedGroups: GroupDirectory {
    var othersIn: Set<UInt32> = []
    func hasMember(otherThan user: UInt32, group: UInt32) -> Bool { othersIn.contains(group) }
}

extension PluginScanner {
    /// A scanner for which everything has settled.
    convenience init(
        _ directories: [PluginDirectory], limits: PluginLimits = PluginLimits(), groups: FixedGroups = FixedGroups(),
        clock: ShiftedClock = ShiftedClock(), monotonic: @escaping @Sendable () -> UInt64 = monotonicNanoseconds
    ) {
        self.init(
            directories: directories, limits: limits, digests: FileDigestCache(), groups: { groups }, clock: clock,
            monotonic: monotonic)
    }

    convenience init(home: String) { self.init([PluginDirectory(path: home, origin: .home)]) }
}

extension PluginCandidate {
    var manifest: PluginManifest? { if case .usable(let manifest, _) = outcome { manifest } else { nil } }
    var content: PluginContent? { if case .usable(_, let content) = outcome { content } else { nil } }
    var isSettling: Bool { if case .settling = outcome { true } else { false } }
    var isRefused: Bool { if case .refused = outcome { true } else { false } }
    var isBroken: Bool { if case .broken = outcome { true } else { false } }
}

extension TestFolder {
    /// A complete plugin folder with a library and one scorer.
    func plugin(_ folder: String, id: String, version: String = "1.0.0", extra: String = "") throws {
        try write("\(folder)/lib.so", TestLibrary.bytes(manifest: nil))
        try write(
            "\(folder)/plugin.json",
            """
            {"id": "\(id)", "version": "\(version)", "abi": "1.0", "library": "lib.so",
             \(extra.isEmpty ? "" : "\(extra),")
             "provides": [{"interface": "arena.scorer/1", "id": "score"}]}
            """)
    }
}
