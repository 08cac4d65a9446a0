import ArenaCore

extension ZoneRules {
    /// Reads a file of the compiled time zone database (RFC 8536).
    ///
    /// - Returns: `nil` for bytes that are none; also for a version 1 file, which ends in 2037, and for one that counts
    ///   leap seconds, which the clock here does not.
    init?(name: String, file bytes: [UInt8]) {
        var reader = ZoneFileReader(bytes)
        // The first block has 32-bit times, for programs of the last century; the second has everything.
        guard let old = reader.header(), old.version >= UInt8(ascii: "2"), reader.skip(old.blockSize(timeSize: 4)),
            let header = reader.header(), header.types > 0, header.leaps == 0
        else { return nil }
        guard let times = reader.integers(header.times, size: 8), let indexes = reader.bytes(header.times),
            let types = reader.bytes(header.types * 6), reader.skip(header.sizeAfterTypes(timeSize: 8))
        else { return nil }
        let offsets = (0..<header.types).map { type in
            Int64(Int32(bitPattern: types[type * 6..<type * 6 + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
        }
        guard indexes.allSatisfy({ Int($0) < offsets.count }), times == times.sorted(), let tail = reader.line()
        else { return nil }
        let changes = zip(times, indexes).map { Change(at: $0, offset: offsets[Int($1)]) }
        if tail.isEmpty {
            self.init(name: name, firstOffset: offsets[0], changes: changes, tail: nil)
        } else {
            guard let rule = ZoneTail(tail) else { return nil }
            self.init(name: name, firstOffset: offsets[0], changes: changes, tail: rule)
        }
    }
}

/// The counts at the head of a block.
private struct ZoneFileHeader {
    let version: UInt8
    let universalFlags: Int
    let standardFlags: Int
    let leaps: Int
    let times: Int
    let types: Int
    let characters: Int

    func sizeAfterTypes(timeSize: Int) -> Int {
        characters + leaps * (timeSize + 4) + standardFlags + universalFlags
    }

    func blockSize(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + sizeAfterTypes(timeSize: timeSize)
    }
}

private struct ZoneFileReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }

    /// From index 0.
    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func integers(_ count: Int, size: Int) -> [Int64]? {
        guard let bytes = bytes(count * size) else { return nil }
        return (0..<count).map { number in
            Int64(bitPattern: bytes[number * size..<(number + 1) * size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }

    mutating func header() -> ZoneFileHeader? {
        guard let head = bytes(20), head.prefix(4).elementsEqual("TZif".utf8), let counts = integers(6, size: 4)
        else { return nil }
        // No zone has nearly as many; a damaged file shall not make us allocate.
        guard counts.allSatisfy({ $0 < 100_000 }) else { return nil }
        let numbers = counts.map { Int($0) }
        return ZoneFileHeader(
            version: head[4], universalFlags: numbers[0], standardFlags: numbers[1], leaps: numbers[2],
            times: numbers[3], types: numbers[4], characters: numbers[5])
    }

    /// What stands between two line feeds.
    mutating func line() -> String? {
        guard rest.first == 10, let end = rest.dropFirst().firstIndex(of: 10) else { return nil }
        return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    }
}
