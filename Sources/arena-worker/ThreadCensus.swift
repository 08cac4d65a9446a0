import ArenaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Counts the threads of this process, also once /proc is shut: the folder is opened before the fences stand.
final class ThreadCensus: Sendable {
    private let folder: Int32

    init() {
        folder = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    /// The number of threads; `nil` where /proc is not mounted.
    func count() -> Int? {
        let copy = dup(folder)
        guard copy >= 0, let stream = fdopendir(copy) else { return nil }
        defer { closedir(stream) }
        rewinddir(stream)
        var count = 0
        while let entry = readdir(stream) {
            // Besides the threads, which are numbers, there are only "." and "..".
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }

    /// How many threads there are beyond `own`, after those that are just ending had 100 ms to do so: a joined thread
    /// stays listed for an instant.
    func countBeyond(_ own: Int) -> Int? {
        let deadline = monotonicNanoseconds() + 100_000_000
        while let count = count() {
            if count <= own || monotonicNanoseconds() >= deadline { return max(0, count - own) }
            _ = poll(nil, 0, 1)
        }
        return nil
    }
}
