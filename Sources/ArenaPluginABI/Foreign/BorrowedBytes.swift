#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Memory that a function reads an argument from, given back when this goes.
///
/// Guarded memory ends at a page that may not be touched, and may not be written: a function that reads past its
/// argument, or writes to it, ends its process there and then.
final class BorrowedBytes {
    let start: UnsafeRawPointer
    private let mapping: UnsafeMutableRawPointer?
    private let length: Int

    init(_ bytes: UnsafeRawBufferPointer, isGuarded: Bool) {
        let mapped = isGuarded ? Self.map(bytes) : nil
        if let (mapping, length, start) = mapped {
            self.mapping = mapping
            self.length = length
            self.start = start
            return
        }
        // Numbers need an alignment; one byte more makes the address of nothing an address.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 1, alignment: 16)
        memory.copyMemory(from: bytes.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count)
        mapping = nil
        length = 0
        start = UnsafeRawPointer(memory)
    }

    deinit {
        if let mapping {
            munmap(mapping, length)
        } else {
            UnsafeMutableRawPointer(mutating: start).deallocate()
        }
    }

    private static func map(
        _ bytes: UnsafeRawBufferPointer
    ) -> (mapping: UnsafeMutableRawPointer, length: Int, start: UnsafeRawPointer)? {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let readable = max(1, (bytes.count + page - 1) / page) * page
        let length = readable + page
        guard let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapping != MAP_FAILED
        else { return nil }
        let start = mapping + readable - bytes.count
        if let base = bytes.baseAddress { start.copyMemory(from: base, byteCount: bytes.count) }
        mprotect(mapping, readable, PROT_READ)
        mprotect(mapping + readable, page, PROT_NONE)
        return (mapping, length, UnsafeRawPointer(start))
    }
}
