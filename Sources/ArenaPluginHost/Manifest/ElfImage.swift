/// The bytes of an ELF file, fetched by range; no range outside the file or larger than a table is ever fetched.
struct ElfImage {
    let size: UInt64
    /// Called with a range inside the file only.
    let fetch: (_ offset: UInt64, _ count: Int) throws(ElfManifest.Problem) -> [UInt8]

    /// Headers, section names or notes: more than this is no honest library.
    private static let largestTable: UInt64 = 1 << 20

    func slice(_ offset: UInt64, _ count: UInt64, _ name: String) throws(ElfManifest.Problem) -> [UInt8] {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard !overflow, end <= size else { throw .malformed("\(name), which lie outside the file") }
        guard count <= Self.largestTable else { throw .malformed("\(name), which are larger than 1 MiB") }
        return count == 0 ? [] : try fetch(offset, Int(count))
    }
}

/// The fields of an ELF header that lead to notes, of a 64-bit little-endian shared library for this processor.
struct ElfHeader {
    let segments: UInt64
    let segmentSize: UInt64
    let segmentCount: UInt64
    let sections: UInt64
    let sectionSize: UInt64
    let sectionCount: UInt64
    let sectionNames: UInt64

    #if arch(x86_64)
    private static let machine: UInt64 = 62
    #elseif arch(arm64)
    private static let machine: UInt64 = 183
    #endif

    init(_ image: ElfImage) throws(ElfManifest.Problem) {
        guard image.size >= 64 else { throw .notElf }
        let bytes = try image.slice(0, 64, "the header")
        guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { throw .notElf }
        let is64Bit = bytes[4] == 2
        let isLittleEndian = bytes[5] == 1
        guard is64Bit, isLittleEndian, bytes.littleEndian(18, 2) == Self.machine else { throw .notThisPlatform }
        let sharedObject: UInt64 = 3  // ET_DYN
        guard bytes.littleEndian(16, 2) == sharedObject else { throw .notASharedLibrary }
        segments = bytes.littleEndian(32, 8)
        sections = bytes.littleEndian(40, 8)
        segmentSize = bytes.littleEndian(54, 2)
        segmentCount = bytes.littleEndian(56, 2)
        sectionSize = bytes.littleEndian(58, 2)
        sectionCount = bytes.littleEndian(60, 2)
        sectionNames = bytes.littleEndian(62, 2)
    }
}

extension [UInt8] {
    /// The little-endian number of `width` bytes at `start`; the caller knows that they are there.
    func littleEndian(_ start: Int, _ width: Int) -> UInt64 {
        self[start..<start + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
