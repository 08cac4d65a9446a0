import ArenaCore
package import ArenaPluginWire
import CLinux

/// What a child of a plugin may touch, decided from the kind that it runs for. A pure value.
package struct SandboxPolicy: Sendable {
    /// Folders of the system that any library may need, and of the Swift runtime that this host itself uses.
    private let systemPaths: [String]
    /// For tests: fences that the kernel is to refuse.
    package var simulateRefusal: [String] = []

    package init() {
        systemPaths =
            [
                "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo", "/etc/localtime",
                "/usr/share/locale", "/usr/lib/locale", "/dev/urandom",
            ] + (Self.swiftLibraries.map { [$0] } ?? [])
    }

    /// The first message to a child.
    ///
    /// - Parameter kind: the kind that the child is for; `nil`: a probe.
    package func hello(
        for plugin: ReadyPlugin, library: String, kind: ProvidedKind?, scratch: String, seed: UInt64 = 0
    ) -> Hello {
        hello(for: plugin, library: library, kind: kind, scratch: scratch, seed: seed, foreign: nil)
    }

    /// - Parameters:
    ///   - foreign: what runs in place of a library.
    ///   - isProbe: whether the child is for a look only.
    func hello(
        for plugin: ReadyPlugin, library: String, kind: ProvidedKind?, scratch: String, seed: UInt64 = 0,
        foreign: ForeignLaunch?, isProbe: Bool = false
    ) -> Hello {
        let isOpenEnded = kind?.interface == .jobKind || kind?.interface == .laneEngine
        var limits = Hello.Limits(
            fileSize: ByteCount.gibibytes(1).bytes, openFiles: 256, processes: 0)
        if !isOpenEnded {
            let asked = kind?.capabilities.memory ?? .gibibytes(1)
            limits.addressSpace = max(asked, .mebibytes(256)).bytes
            limits.cpuSeconds = kind == nil || isProbe ? 10 : 0
        }
        let network = kind?.capabilities.network ?? .none
        let known = plugin.manifest.services.filter(\.isKnown)
        let withheld = plugin.manifest.services.filter { !$0.isKnown }
        return Hello(
            nonce: Identifier.random(), library: library,
            plugin: Hello.Plugin(id: plugin.id, version: plugin.manifest.version, sha256: plugin.sha256),
            services: known.map(\.id.description),
            withheld: Dictionary(
                withheld.map { ($0.id.description, "this Arena does not have it") }, uniquingKeysWith: { a, _ in a }),
            seed: seed, bindsNow: kind == nil,
            sandbox: Hello.Sandbox(
                emptyNetwork: network != .any, readOnly: [plugin.folder] + systemPaths + (foreign?.readOnly ?? []),
                readWrite: [scratch, "/dev/null"], limits: limits, simulateRefusal: simulateRefusal),
            foreign: foreign?.document)
    }

    /// The folder of the Swift runtime; `nil` when it is linked into the executable.
    private static let swiftLibraries: String? = {
        var path = [CChar](repeating: 0, count: 4096)
        guard arena_linux_symbol_path("swift_retain", &path, UInt64(path.count)) == 0 else { return nil }
        let text = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }()
}
