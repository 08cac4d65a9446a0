import ArenaCore
import ArenaPluginWire
import Testing

struct HostileInputTests {
    /// Reads a stream as its receiver would, up to the first error.
    private func read(_ bytes: some Sequence<UInt8>, fromChild: Bool) -> Int {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        var messages = 0
        do throws(WireError) {
            while let frame = try decoder.next() {
                if fromChild { _ = try ChildMessage(frame) } else { _ = try HostMessage(frame) }
                messages += 1
            }
        } catch {
            #expect(!error.message.isEmpty && !error.code.isEmpty)
        }
        return messages
    }

    private func streams() throws -> [(bytes: [UInt8], fromChild: Bool, count: Int)] {
        let host = try Samples.hostMessages.map { try $0.encode() }
        let child = try Samples.childMessages.map { try $0.encode() }
        return [(host.flatMap { $0 }, false, host.count), (child.flatMap { $0 }, true, child.count)]
    }

    @Test func everySplitOfAStreamGivesTheSameFrames() throws {
        for (bytes, _, count) in try streams() {
            var whole = FrameDecoder()
            whole.append(bytes)
            let expected = try whole.all()
            #expect(expected.count == count)
            for split in 0...bytes.count {
                var decoder = FrameDecoder()
                decoder.append(bytes[..<split])
                var frames = try decoder.all()
                decoder.append(bytes[split...])
                frames += try decoder.all()
                #expect(frames == expected)
            }
            var single = FrameDecoder()
            var frames: [Frame] = []
            for byte in bytes {
                single.append(CollectionOfOne(byte))
                frames += try single.all()
            }
            #expect(frames == expected)
        }
    }

    @Test func everyTruncationOfABodyIsATypedError() throws {
        for (bytes, fromChild, _) in try streams() {
            var decoder = FrameDecoder()
            decoder.append(bytes)
            for frame in try decoder.all() where !frame.body.isEmpty {
                for length in 0..<frame.body.count {
                    let cut = Frame(type: frame.type, id: frame.id, body: Array(frame.body[..<length]))
                    #expect(throws: WireError.self) {
                        if fromChild { _ = try ChildMessage(cut) } else { _ = try HostMessage(cut) }
                    }
                }
            }
        }
    }

    @Test func bytesAfterTheLastFieldAreRefused() throws {
        for (bytes, fromChild, _) in try streams() {
            var decoder = FrameDecoder()
            decoder.append(bytes)
            for frame in try decoder.all() {
                let longer = Frame(type: frame.type, id: frame.id, body: frame.body + [0])
                #expect(throws: WireError.self) {
                    if fromChild { _ = try ChildMessage(longer) } else { _ = try HostMessage(longer) }
                }
            }
        }
    }

    @Test(arguments: [.max, 0, 1, 11, 12 + (16 << 20) + 1, 1 << 31] as [UInt32])
    func lengthThatNoFrameMayHaveIsRefusedBeforeItsBytesCome(length: UInt32) {
        var fields = FieldWriter()
        fields.u32(length)
        var decoder = FrameDecoder()
        decoder.append(fields.bytes)
        #expect(throws: WireError(.frameLength(length))) { try decoder.next() }
        decoder.append([12, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: WireError(.frameLength(length))) { try decoder.next() }
        #expect(decoder.pendingBytes == 0)
    }

    @Test func hugeLengthsInsideOfBodiesAreRefusedAtEveryPlace() throws {
        for (bytes, fromChild, _) in try streams() {
            var decoder = FrameDecoder()
            decoder.append(bytes)
            for frame in try decoder.all() {
                for offset in stride(from: 0, to: frame.body.count - 3, by: 1) {
                    var body = frame.body
                    body.replaceSubrange(offset..<(offset + 4), with: [0xFF, 0xFF, 0xFF, 0x7F])
                    let changed = Frame(type: frame.type, id: frame.id, body: body)
                    // Numbers may well take this value; lengths may not, and nothing may trap.
                    if fromChild { _ = try? ChildMessage(changed) } else { _ = try? HostMessage(changed) }
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3] as [UInt64])
    func seededMutationsNeverTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 0xA12E_0000 + seed)
        for (bytes, fromChild, count) in try streams() {
            for _ in 0..<1500 {
                var mutated = bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0..<mutated.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: mutated[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: mutated[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                    case 2: mutated.remove(at: place)
                    default: mutated.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                    }
                }
                if Bool.random(using: &generator) {
                    mutated.removeLast(Int.random(in: 0..<mutated.count, using: &generator))
                }
                #expect(read(mutated, fromChild: fromChild) <= count + 1)
            }
        }
    }

    @Test func randomBodiesOfEveryTypeNeverTrap() {
        var generator = SeededGenerator(seed: 7)
        for type in UInt8.min...UInt8.max {
            for _ in 0..<60 {
                let body = (0..<Int.random(in: 0..<64, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator) & (Bool.random(using: &generator) ? 0x0F : 0xFF)
                }
                let frame = Frame(type: type, id: UInt64.random(in: 0...1, using: &generator), body: body)
                _ = try? HostMessage(frame)
                _ = try? ChildMessage(frame)
            }
        }
    }

    @Test func oneDirectionsMessagesAreUnknownInTheOther() throws {
        for (bytes, fromChild, _) in try streams() {
            var decoder = FrameDecoder()
            decoder.append(bytes)
            for frame in try decoder.all() {
                #expect(throws: WireError(.unknownType(frame.type))) {
                    if fromChild { _ = try HostMessage(frame) } else { _ = try ChildMessage(frame) }
                }
            }
        }
    }

    @Test func reservedBytesAreZero() throws {
        for place in 5...7 {
            var bytes = try HostMessage.bye.encode()
            bytes[place] = 1
            var decoder = FrameDecoder()
            decoder.append(bytes)
            #expect(throws: WireError(.reservedBytes)) { try decoder.next() }
        }
    }

    @Test func idsAreGivenExactlyWhereTheyBelong() {
        #expect(throws: WireError(.identifier(3))) { try HostMessage(Frame(type: 6, id: 3, body: [])) }
        #expect(throws: WireError(.identifier(0))) { try HostMessage(Frame(type: 3, id: 0, body: [])) }
        #expect(throws: WireError(.identifier(0))) { try ChildMessage(Frame(type: 131, id: 0, body: [0, 0, 0, 0])) }
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        var frame = try #require(try firstFrame(of: .log(LogMessage(call: 1, level: 0, message: "abc"))))
        frame.body[5] = 0xFF
        #expect(throws: WireError(.text)) { try ChildMessage(frame) }
    }

    @Test func bodyAboveTheLimitIsNotSent() throws {
        let most = WireFormat.maximumBody - 4
        #expect(try ChildMessage.data(call: 1, bytes: [UInt8](repeating: 0, count: most)).encode().count == most + 20)
        #expect(throws: WireError(.tooLarge(most + 5))) {
            try ChildMessage.data(call: 1, bytes: [UInt8](repeating: 0, count: most + 1)).encode()
        }
    }

    private func firstFrame(of message: ChildMessage) throws -> Frame? {
        var decoder = FrameDecoder()
        decoder.append(try message.encode())
        return try decoder.next()
    }
}
