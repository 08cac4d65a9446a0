#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The lines between this process and a program, written and read at the same time: a program that answers as it reads
/// would otherwise fill one pipe while this process fills the other.
struct ProgramLines {
    enum Event {
        case line([UInt8])
        /// The program has closed its output: it has ended or is about to.
        case end
        /// More than ``longest`` bytes without an end of line.
        case tooLong
        /// Nothing yet; look whether the answer is still wanted.
        case quiet
    }

    /// Bytes of a line that is read.
    static let longest = 64 << 10

    private let process: ProgramProcess
    private var unsent: ArraySlice<UInt8> = []
    private var received: [UInt8] = []
    /// Bytes of `received` that were handed out.
    private var taken = 0
    private var isOver = false

    init(_ process: ProgramProcess) { self.process = process }

    mutating func send(_ bytes: [UInt8]) { unsent = unsent.isEmpty ? bytes[...] : unsent + bytes }

    /// Whether the program wrote something that nobody asked for.
    mutating func hasLeftovers() -> Bool {
        receive()
        return taken < received.count
    }

    /// The next line, or what came instead, after at most `milliseconds`.
    mutating func next(within milliseconds: Int32) -> Event {
        if let line = takeLine() { return .line(line) }
        if received.count - taken > Self.longest { return .tooLong }
        if isOver { return .end }
        var descriptors = [
            pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: unsent.isEmpty ? -1 : process.input, events: Int16(POLLOUT), revents: 0),
        ]
        poll(&descriptors, 2, milliseconds)
        if descriptors[1].revents != 0 { transmit() }
        if descriptors[0].revents != 0 { receive() }
        return takeLine().map(Event.line) ?? (isOver ? .end : .quiet)
    }

    private mutating func takeLine() -> [UInt8]? {
        guard let end = received[taken...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = Array(received[taken..<end])
        taken = end + 1
        if taken == received.count {
            received.removeAll(keepingCapacity: true)
            taken = 0
        }
        return line
    }

    private mutating func receive() {
        if taken > Self.longest {
            received.removeFirst(taken)
            taken = 0
        }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(process.output, &buffer, buffer.count)
        if count > 0 { received += buffer[..<count] }
        if count == 0 { isOver = true }
    }

    private mutating func transmit() {
        let count = unsent.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
        if count > 0 { unsent = unsent.dropFirst(count) }
        // A program that reads no more may still have answers on the way; its end is seen at its output.
        if count < 0, errno != EAGAIN, errno != EINTR { unsent = [] }
    }
}
