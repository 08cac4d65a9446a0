import ArenaCore
import CArenaPlugin
import Synchronization

/// A file that an exporter writes: the sink that it was given.
final class ExportFile: @unchecked Sendable {
    enum State: Sendable { case open, refused, finished }

    // `raw` is written once, in init; what changes is behind `mutex`.
    private let raw: UnsafeMutablePointer<arena_sink>
    private let port: any ExportPort
    private let call: CallContext
    private let mutex = Mutex(State.open)
    let number: UInt64
    let name: String
    /// A frame holds one piece, and small ones let other calls pass.
    private static let largestPiece = 256 << 10

    init(_ number: UInt64, _ name: String, port: any ExportPort, in call: CallContext) {
        self.number = number
        self.name = name
        self.port = port
        self.call = call
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_sink())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INVALID_ARGUMENT }
            return Unmanaged<ExportFile>.fromOpaque(context).takeUnretainedValue().write(data, count).rawValue
        }
    }

    deinit { raw.deallocate() }

    var sink: UnsafePointer<arena_sink> { UnsafePointer(raw) }
    var state: State { mutex.withLock { $0 } }

    /// `false` when it was not open.
    func end() -> Bool {
        mutex.withLock { state in
            guard state == .open else { return false }
            state = .finished
            return true
        }
    }

    private func write(_ data: UnsafeRawPointer?, _ count: UInt64) -> StatusCode {
        guard state != .finished else { return refuse(.invalidArgument, "The file \(name) was ended already.") }
        guard let new = ForeignText.bytes(data, count) else {
            return refuse(.invalidArgument, "The plugin wrote \(count) bytes of \(name) from nowhere.")
        }
        var start = 0
        while start < new.count {
            if call.isCancelled { return refuse(.cancelled, "The export was ended.") }
            let end = min(start + Self.largestPiece, new.count)
            let status = port.write(Array(new[start..<end]), to: number)
            guard status == .ok else { return refuse(status, "The file \(name) takes no more.") }
            start = end
        }
        return .ok
    }

    private func refuse(_ status: StatusCode, _ message: String) -> StatusCode {
        mutex.withLock { if $0 == .open { $0 = .refused } }
        call.note(refusal: status, message)
        return status
    }
}
