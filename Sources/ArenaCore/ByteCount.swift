/// A number of bytes.
package struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var bytes: UInt64

    package init(_ bytes: UInt64) { self.bytes = bytes }
    package static func kibibytes(_ count: UInt64) -> Self { Self(count << 10) }
    package static func mebibytes(_ count: UInt64) -> Self { Self(count << 20) }
    package static func gibibytes(_ count: UInt64) -> Self { Self(count << 30) }

    package static func < (a: Self, b: Self) -> Bool { a.bytes < b.bytes }

    /// For people, in binary units with one decimal: `512 B`, `1.5 MiB`.
    package var description: String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
