import ArenaCore
import Glibc

/// What the system says of this process. `/proc` answers from memory: no call here waits for a disk.
struct ProcessFigures: Sendable {
    /// In seconds since 1970.
    let startTime: Double?

    init() {
        guard let ticks = Self.startTicks(), let uptime = Self.words(of: "/proc/uptime").first.flatMap({ Double($0) })
        else {
            startTime = nil
            return
        }
        let booted = Double(SystemClock().now().unixMilliseconds) / 1000 - uptime
        let started = booted + Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
        startTime = (started * 100).rounded() / 100
    }

    /// Memory that is in use, in bytes.
    var residentMemory: Double? {
        guard let pages = Self.words(of: "/proc/self/statm").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        return Double(pages * sysconf(Int32(_SC_PAGESIZE)))
    }

    /// As Prometheus names them in every process.
    var families: [MetricFamily] {
        [
            MetricFamily(
                "process_start_time_seconds", .gauge, "When this process started, in seconds since 1970.",
                startTime.map { [.init($0)] } ?? []),
            MetricFamily(
                "process_resident_memory_bytes", .gauge, "Memory of this process.",
                residentMemory.map { [.init($0)] } ?? []),
        ]
    }

    /// Field 22; the name, field 2, stands in parentheses and may hold spaces.
    private static func startTicks() -> UInt64? {
        let words = words(of: "/proc/self/stat")
        guard let name = words.lastIndex(where: { $0.hasSuffix(")") }), words.count > name + 20 else { return nil }
        return UInt64(words[name + 20])
    }

    private static func words(of path: String) -> [Substring] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split { $0 == " " || $0 == "\n" }
    }
}
