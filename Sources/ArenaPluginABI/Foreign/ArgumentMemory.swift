#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Memory that a function reads an argument from, used again for the next item.
///
/// Guarded memory ends at a page that may not be touched, and may not be written: a function that reads past its
/// argument, or writes to it, ends its process there and then.
final class ArgumentMemory {
    private let isGuarded: Bool
    private var memory: UnsafeMutableRawPointer?
    /// Of the memory: what can be put there, or what is mapped.
    private var length = 0

    init(isGuarded: Bool) { self.isGuarded = isGuarded }

    deinit { giveBack() }

    /// Copies bytes to where a function may read them, until the next copy.
    ///
    /// - Parameter endsWithNUL: one byte more.
    /// - Returns: their address, which numbers may be read from; an address also where there are none.
    func hold(_ bytes: UnsafeRawBufferPointer, endsWithNUL: Bool = false) -> UnsafeRawPointer {
        let count = bytes.count + (endsWithNUL ? 1 : 0)
        let start = isGuarded ? map(count) : room(count)
        if let base = bytes.baseAddress { start.copyMemory(from: base, byteCount: bytes.count) }
        if endsWithNUL { start.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self) }
        if isGuarded, let memory { mprotect(memory, length - Self.page, PROT_READ) }
        return UnsafeRawPointer(start)
    }

    private func room(_ count: Int) -> UnsafeMutableRawPointer {
        if let memory, count <= length { return memory }
        giveBack()
        length = max(2 * count, 256)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: length, alignment: 16)
        self.memory = memory
        return memory
    }

    /// New pages for each: what a function kept of the last argument is no address any more.
    private func map(_ count: Int) -> UnsafeMutableRawPointer {
        giveBack()
        let readable = max(1, (count + Self.page - 1) / Self.page) * Self.page
        length = readable + Self.page
        let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        // Without memory for it a child ends here: only probes map, and always in a child.
        guard let mapping, mapping != MAP_FAILED else { abort() }
        mprotect(mapping + readable, Self.page, PROT_NONE)
        memory = mapping
        return mapping + readable - count
    }

    private func giveBack() {
        if isGuarded {
            if let memory { munmap(memory, length) }
        } else {
            memory?.deallocate()
        }
        memory = nil
    }

    private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))
}
