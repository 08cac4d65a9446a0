/// The grammar of JSON numbers: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
enum JSONNumberScan: Equatable {
    /// A number ends before this offset.
    case number(end: Int)
    /// A digit was needed at this offset.
    case digitExpected(at: Int)

    /// Scans the number that begins at `start`.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        var position = start

        /// Skips digits; whether there was one.
        func skipDigits() -> Bool {
            let first = position
            while position < bytes.count, bytes[position] &- 0x30 <= 9 { position += 1 }
            return position > first
        }
        func isAt(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

        if isAt(UInt8(ascii: "-")) { position += 1 }
        if isAt(UInt8(ascii: "0")) {
            position += 1
        } else if !skipDigits() {
            self = .digitExpected(at: position)
            return
        }
        if isAt(UInt8(ascii: ".")) {
            position += 1
            guard skipDigits() else {
                self = .digitExpected(at: position)
                return
            }
        }
        if isAt(UInt8(ascii: "e")) || isAt(UInt8(ascii: "E")) {
            position += 1
            if isAt(UInt8(ascii: "+")) || isAt(UInt8(ascii: "-")) { position += 1 }
            guard skipDigits() else {
                self = .digitExpected(at: position)
                return
            }
        }
        self = .number(end: position)
    }
}
