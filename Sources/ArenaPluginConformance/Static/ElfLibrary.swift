/// What the dynamic loader will make of a library, read from its bytes. Every offset is taken to be wrong until checked.
struct ElfLibrary: Sendable {
    /// Names that other libraries can see.
    private(set) var exported: [String] = []
    /// The libraries that it asks for, by their sonames.
    private(set) var needed: [String] = []
    /// Folders that it wants searched for them, with `$ORIGIN`.
    private(set) var searchPaths: [String] = []
    private(set) var hasExecutableStack = false
    private(set) var hasTextRelocations = false

    /// `nil` for what is no 64-bit little-endian ELF file with section headers in order.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return nil }
        let file = Bytes(bytes)
        guard readSegments(file), readSections(file) else { return nil }
    }

    private mutating func readSegments(_ file: Bytes) -> Bool {
        guard let start = file.number(32, 8), let size = file.number(54, 2), let count = file.number(56, 2) else {
            return false
        }
        let (gnuStack, executable) = (0x6474_E551, 1)
        var declaresStack = false
        for index in 0..<count {
            let at = start + index * size
            guard let type = file.number(at, 4), let flags = file.number(at + 4, 4) else { return false }
            guard type == gnuStack else { continue }
            declaresStack = true
            hasExecutableStack = flags & executable != 0
        }
        // A library that says nothing gets an executable stack.
        if !declaresStack { hasExecutableStack = true }
        return true
    }

    private mutating func readSections(_ file: Bytes) -> Bool {
        guard let start = file.number(40, 8), let size = file.number(58, 2), let count = file.number(60, 2) else {
            return false
        }
        let (dynamic, dynamicSymbols) = (6, 11)
        for index in 0..<count {
            let at = start + index * size
            guard let type = file.number(at + 4, 4) else { return false }
            guard type == dynamic || type == dynamicSymbols else { continue }
            guard let offset = file.number(at + 24, 8), let length = file.number(at + 32, 8),
                let link = file.number(at + 40, 4), link < count,
                let texts = file.number(start + link * size + 24, 8), offset <= file.count,
                length <= file.count - offset
            else { return false }
            if type == dynamic {
                readDynamic(file, offset, length, texts)
            } else {
                readSymbols(file, offset, length, texts)
            }
        }
        return true
    }

    private mutating func readDynamic(_ file: Bytes, _ start: Int, _ length: Int, _ texts: Int) {
        let (needed, rpath, textRelocations, flags, runpath) = (1, 15, 22, 30, 29)
        for at in stride(from: start, to: start + length - 15, by: 16) {
            guard let tag = file.number(at, 8), let value = file.number(at + 8, 8) else { return }
            switch tag {
            case 0: return
            case needed: self.needed += [file.text(texts, value)].compactMap { $0 }
            case rpath, runpath:
                searchPaths += (file.text(texts, value) ?? "").split(separator: ":").map(String.init)
            case textRelocations: hasTextRelocations = true
            case flags where value & 4 != 0: hasTextRelocations = true
            default: break
            }
        }
    }

    private mutating func readSymbols(_ file: Bytes, _ start: Int, _ length: Int, _ texts: Int) {
        for at in stride(from: start, to: start + length - 23, by: 24) {
            guard let name = file.number(at, 4), let info = file.number(at + 4, 1), let other = file.number(at + 5, 1),
                let section = file.number(at + 6, 2)
            else { return }
            let (isGlobal, isVisible, isDefined) = (info >> 4 != 0, other & 3 == 0 || other & 3 == 3, section != 0)
            guard isGlobal, isVisible, isDefined, let text = file.text(texts, name) else { continue }
            exported.append(text)
        }
    }

    /// Numbers and texts at places that may not be there.
    private struct Bytes {
        private let bytes: [UInt8]
        var count: Int { bytes.count }

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func number(_ start: Int, _ width: Int) -> Int? {
            guard start >= 0, start <= bytes.count - width else { return nil }
            let value = bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value).flatMap { $0 <= 1 << 48 ? $0 : nil } ?? (width == 8 ? 1 << 48 : nil)
        }

        func text(_ table: Int, _ offset: Int) -> String? {
            guard table >= 0, offset >= 0, table <= bytes.count, offset < bytes.count - table else { return nil }
            return String(validating: bytes[(table + offset)...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
