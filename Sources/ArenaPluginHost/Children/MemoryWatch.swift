import Glibc

/// How much memory a process holds, for children whose address space cannot be limited: a CUDA runtime reserves far more
/// than it uses.
enum MemoryWatch {
    /// How often a child with a limit is looked at.
    static let interval: UInt64 = 250_000_000

    /// Resident bytes from `/proc/<pid>/statm`; `nil` when the process is gone. Answers from memory, in microseconds.
    static func residentBytes(of pid: Int32) -> UInt64? {
        let descriptor = open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let fields = bytes.prefix(count).split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return nil }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
