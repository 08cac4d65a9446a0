import CArenaPlugin

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is lent to a plugin for one call [MEM-2]: texts, structs and arrays, and the structs that it writes into.
///
/// With ``Conditions/vanishes`` each lies at the end of pages of its own with an untouchable page behind it; inputs are
/// read-only, and nothing of it can be touched once the call has returned.
final class Loan {
    private struct Block {
        let pages: UnsafeMutableRawPointer
        let mapped: Int
        let start: UnsafeMutableRawPointer
        let size: Int
        let isWritable: Bool
        /// Bytes at its end that the plugin does not know.
        let surplus: Int
    }

    private let conditions: Conditions
    private var blocks: [Block] = []
    private static let page = 4096
    private static let canary: UInt8 = 0xC3
    private static let garbage: UInt8 = 0xA5

    init(_ conditions: Conditions) { self.conditions = conditions }

    deinit {
        for block in blocks {
            if conditions.vanishes { munmap(block.pages, block.mapped + Self.page) } else { free(block.pages) }
        }
    }

    func text(_ text: String) -> arena_str {
        let bytes = self.bytes(Array(text.utf8))
        return arena_str(
            ptr: bytes.ptr.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }, len: bytes.len)
    }

    /// Without a NUL behind it. Where there is nothing, the pointer leads to the page that cannot be touched.
    func bytes(_ bytes: [UInt8]) -> arena_bytes {
        if bytes.isEmpty, !conditions.vanishes { return arena_bytes() }
        let start = block(bytes.count, isWritable: false)
        bytes.withUnsafeBytes { if let base = $0.baseAddress { start.copyMemory(from: base, byteCount: $0.count) } }
        return arena_bytes(ptr: UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), len: UInt64(bytes.count))
    }

    /// A struct that begins with its size, which is set here, and is followed by what the plugin does not know.
    func structure<Value>(_ value: Value, isWritable: Bool = false) -> UnsafeMutablePointer<Value> {
        array([value], stride: MemoryLayout<Value>.size + conditions.surplus, isWritable: isWritable)
    }

    /// Structs at a distance of `stride` bytes.
    func array<Value>(_ values: [Value], stride: Int, isWritable: Bool = false) -> UnsafeMutablePointer<Value> {
        let size = MemoryLayout<Value>.size
        let start = block(stride * values.count, isWritable: isWritable, surplus: values.count == 1 ? stride - size : 0)
        memset(start, Int32(Self.garbage), stride * values.count)
        for (index, value) in values.enumerated() {
            let element = start + index * stride
            element.storeBytes(of: value, as: Value.self)
            element.storeBytes(of: UInt32(size + conditions.surplus), as: UInt32.self)
        }
        return start.assumingMemoryBound(to: Value.self)
    }

    /// References: values without a size.
    func references(_ texts: [arena_str], stride: Int) -> UnsafeRawPointer? {
        if texts.isEmpty { return nil }
        let start = block(stride * texts.count, isWritable: false)
        memset(start, Int32(Self.garbage), stride * texts.count)
        for (index, text) in texts.enumerated() { (start + index * stride).storeBytes(of: text, as: arena_str.self) }
        return UnsafeRawPointer(start)
    }

    /// A place for a pointer that the plugin writes.
    func slot() -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
        let start = block(8, isWritable: true)
        start.storeBytes(of: 0, as: UInt.self)
        return start.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
    }

    /// A place for a number that the plugin writes.
    func number() -> UnsafeMutablePointer<UInt32> {
        let start = block(8, isWritable: true)
        start.storeBytes(of: 0, as: UInt.self)
        return start.assumingMemoryBound(to: UInt32.self)
    }

    /// The inputs can no longer be written. Before the call.
    func seal() {
        guard conditions.vanishes else { return }
        for block in blocks where !block.isWritable { mprotect(block.pages, block.mapped, PROT_READ) }
    }

    /// What lies before and behind the outputs is as it was.
    func fault(in function: String) -> Fault? {
        for block in blocks where block.isWritable {
            let before = UnsafeRawBufferPointer(start: block.pages, count: block.start - block.pages)
            if before.contains(where: { $0 != Self.canary }) {
                return Fault("MEM-3", "`\(function)` wrote before the struct that it was given for its output")
            }
            let end = UnsafeRawPointer(block.start) + block.size
            let behind = UnsafeRawBufferPointer(start: end - block.surplus, count: block.surplus)
            if behind.contains(where: { $0 != Self.garbage }) {
                return Fault("ABI-3", "`\(function)` wrote into members of its output that it cannot know")
            }
        }
        return nil
    }

    /// After the call: nothing of it can be touched.
    func end() {
        guard conditions.vanishes else { return }
        for block in blocks { mprotect(block.pages, block.mapped, PROT_NONE) }
    }

    private func block(_ size: Int, isWritable: Bool, surplus: Int = 0) -> UnsafeMutableRawPointer {
        guard conditions.vanishes else {
            // A byte more, so that a text is not followed by a NUL by chance.
            let pages = malloc(size + 1) ?? UnsafeMutableRawPointer.allocate(byteCount: size + 1, alignment: 8)
            (pages + size).storeBytes(of: 0x5A, as: UInt8.self)
            blocks.append(
                Block(pages: pages, mapped: size, start: pages, size: size, isWritable: isWritable, surplus: surplus))
            return pages
        }
        let mapped = (size + Self.page - 1) / Self.page * Self.page
        let map = mmap(nil, mapped + Self.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages = map, pages != MAP_FAILED else { abort() }
        memset(pages, Int32(Self.canary), mapped)
        mprotect(pages + mapped, Self.page, PROT_NONE)
        let start = pages + (mapped - size)
        blocks.append(
            Block(
                pages: pages, mapped: mapped, start: start, size: size, isWritable: isWritable, surplus: surplus))
        return start
    }
}
