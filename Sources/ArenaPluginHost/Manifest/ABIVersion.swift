/// A version of the plugin ABI, `major.minor`.
///
/// Majors must be equal. A plugin of a newer minor is accepted: both sides use what both know.
package struct ABIVersion: Hashable, Sendable, CustomStringConvertible {
    package var major: UInt32
    package var minor: UInt32

    /// What this host speaks.
    package static let host = ABIVersion(major: 1, minor: 0)

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.0`, or `1` for `1.0`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }),
            let major = UInt32(parts[0]), let minor = UInt32(parts.count == 2 ? parts[1] : "0")
        else { return nil }
        self.init(major: major, minor: minor)
    }

    package var description: String { "\(major).\(minor)" }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// - Throws: `plugin.abi_mismatch` with what was wanted, what was found, and the cure.
    package func requireHostMajor(plugin: String) throws(PluginError) {
        guard major != Self.host.major else { return }
        let cure =
            major > Self.host.major
            ? "Update Arena, or install a version of the plugin for ABI \(Self.host.major)."
            : "Build the plugin again with the headers of ABI \(Self.host.major)."
        throw PluginError(
            .abiMismatch,
            "\(plugin) is built for plugin ABI \(self); "
                + "this Arena wants \(Self.host.major).x (it speaks \(Self.host)).",
            hint: cure)
    }
}
