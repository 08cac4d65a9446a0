/// Reads the manifest note of a shared library without loading it.
///
/// The note is `.note.arena.manifest` (owner `Arena`, type 1), found through the program headers, which survive every
/// strip, or else by the section's name, which is all that `objcopy --add-section` leaves.
///
/// Bytes are read into arrays, never mapped: a file cut short meanwhile gives an error instead of a signal. Every
/// offset, size and count in the file is taken to be hostile: sums are checked, tables and notes have ceilings.
package enum ElfManifest {
    package enum Problem: Error, Hashable, Sendable {
        /// Not an ELF file at all.
        case notElf
        /// An ELF file for another processor or word size.
        case notThisPlatform
        /// An executable or object file.
        case notASharedLibrary
        /// Offsets or sizes that contradict each other or the file; the text says which.
        case malformed(String)
        /// A sound library that carries no manifest.
        case missing
        /// More than one manifest.
        case duplicate
        case manifestTooLarge(UInt64)
        case notUTF8
        /// Reading failed with this `errno`.
        case unreadable(Int32)
    }

    /// A manifest may have 256 KiB, in a note as in a file.
    package static let largestManifest: UInt64 = 256 << 10

    /// The manifest in a library held in memory.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> [UInt8] {
        let image = ElfImage(size: UInt64(bytes.count)) { offset, count throws(Problem) in
            Array(bytes[Int(offset)..<Int(offset) + count])
        }
        return try read(image)
    }

    /// The manifest in an open file. Blocks for a few small reads.
    static func read(_ file: borrowing FileDescriptor) throws(Problem) -> [UInt8] {
        try read(image(of: file))
    }

    /// Checks that an open file is a shared library for this processor, whether it has a note or not.
    static func checkLibrary(_ file: borrowing FileDescriptor) throws(Problem) {
        _ = try ElfHeader(image(of: file))
    }

    private static func image(of file: borrowing FileDescriptor) throws(Problem) -> ElfImage {
        do throws(SystemFailure) {
            let size = try file.status().size
            // The image lives no longer than this borrow: both users return before their caller lets go of the file.
            let raw = file.raw
            return ElfImage(size: size) { offset, count throws(Problem) in
                do throws(SystemFailure) {
                    return try FileDescriptor.bytes(of: raw, at: offset, count: count)
                } catch {
                    throw .unreadable(error.errno)
                }
            }
        } catch {
            throw .unreadable(error.errno)
        }
    }

    private static func read(_ image: ElfImage) throws(Problem) -> [UInt8] {
        let header = try ElfHeader(image)
        if let found = try noteInSegments(image, header) { return found }
        if let found = try noteInSections(image, header) { return found }
        throw .missing
    }

    private static func noteInSegments(_ image: ElfImage, _ header: ElfHeader) throws(Problem) -> [UInt8]? {
        guard header.segmentCount > 0 else { return nil }
        guard header.segmentSize == 56 else { throw .malformed("the size of a program header") }
        let table = try image.slice(header.segments, header.segmentCount * 56, "the program headers")
        let noteType: UInt64 = 4  // PT_NOTE
        var found: [UInt8]?
        for at in stride(from: 0, to: table.count, by: 56) where table.littleEndian(at, 4) == noteType {
            let notes = try image.slice(table.littleEndian(at + 8, 8), table.littleEndian(at + 32, 8), "a note segment")
            try scan(notes, alignment: table.littleEndian(at + 48, 8), &found)
        }
        return found
    }

    private static func noteInSections(_ image: ElfImage, _ header: ElfHeader) throws(Problem) -> [UInt8]? {
        guard header.sectionCount > 0, header.sections > 0 else { return nil }
        guard header.sectionSize == 64, header.sectionNames < header.sectionCount else {
            throw .malformed("the size of a section header or the index of the names")
        }
        let table = try image.slice(header.sections, header.sectionCount * 64, "the section headers")
        let at = Int(header.sectionNames) * 64
        let names = try image.slice(
            table.littleEndian(at + 24, 8), table.littleEndian(at + 32, 8), "the section names")
        let withoutBytes: UInt64 = 8  // SHT_NOBITS
        var found: [UInt8]?
        for at in stride(from: 0, to: table.count, by: 64) where table.littleEndian(at + 4, 4) != withoutBytes {
            guard names.holds(sectionName, at: Int(table.littleEndian(at, 4))) else { continue }
            let notes = try image.slice(
                table.littleEndian(at + 24, 8), table.littleEndian(at + 32, 8), "the manifest section")
            try scan(notes, alignment: table.littleEndian(at + 48, 8), &found)
        }
        return found
    }

    /// Walks a run of notes. Each has three 32-bit words (size of owner, size of content, type), then owner and
    /// content, each padded to the alignment.
    private static func scan(_ notes: [UInt8], alignment: UInt64, _ found: inout [UInt8]?) throws(Problem) {
        let step: UInt64 = alignment == 8 ? 8 : 4
        let end = UInt64(notes.count)
        var at: UInt64 = 0
        while end - at >= 12 {
            let ownerSize = notes.littleEndian(Int(at), 4)
            let size = notes.littleEndian(Int(at) + 4, 4)
            let type = notes.littleEndian(Int(at) + 8, 4)
            // 32-bit sizes in 64-bit sums cannot overflow.
            let content = (at + 12 + ownerSize).rounded(up: step)
            guard at + 12 + ownerSize <= end, content <= end, size <= end - content else {
                throw .malformed("the sizes in a note")
            }
            if ownerSize == UInt64(owner.count), type == 1, notes.holds(owner, at: Int(at) + 12) {
                guard found == nil else { throw .duplicate }
                guard size <= largestManifest else { throw .manifestTooLarge(size) }
                let text = Array(notes[Int(content)..<Int(content + size)])
                guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
                found = text
            }
            at = min(end, (content + size).rounded(up: step))
        }
    }

    private static let sectionName = Array(".note.arena.manifest".utf8) + [0]
    private static let owner = Array("Arena".utf8) + [0]
}

extension UInt64 {
    fileprivate func rounded(up step: UInt64) -> UInt64 { (self + step - 1) / step * step }
}

extension [UInt8] {
    fileprivate func holds(_ other: [UInt8], at start: Int) -> Bool {
        start <= count && count - start >= other.count && self[start..<start + other.count].elementsEqual(other)
    }
}
