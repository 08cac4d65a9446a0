import Synchronization

/// What the client's thread has received for one request and its reader has not taken yet.
///
/// Holds ``highMark`` bytes and one piece at most: above the mark the thread is told to pause the transfer, and below
/// ``lowMark`` the reader has it go on. Neither side waits for the other with a thread.
final class TransferPipe: Sendable {
    static let highMark = 256 << 10
    static let lowMark = 64 << 10

    typealias HeadResult = Result<HTTPResponseHead, HTTPClientError>
    typealias PieceResult = Result<[UInt8]?, HTTPClientError>

    private struct State {
        var head: HTTPResponseHead?
        var pieces: [[UInt8]] = []
        /// Those before it were taken.
        var firstPiece = 0
        var bufferedBytes = 0
        var isPaused = false
        /// How the transfer ended; `nil` while it goes on.
        var end: Result<Void, HTTPClientError>?
        var headWaiters: [CheckedContinuation<HeadResult, Never>] = []
        var pieceWaiters: [CheckedContinuation<PieceResult, Never>] = []

        mutating func takePiece() -> [UInt8]? {
            guard firstPiece < pieces.count else { return nil }
            let piece = pieces[firstPiece]
            pieces[firstPiece] = []
            firstPiece += 1
            if firstPiece == pieces.count || firstPiece >= 256 {
                pieces.removeFirst(firstPiece)
                firstPiece = 0
            }
            bufferedBytes -= piece.count
            return piece
        }
    }

    private let state = Mutex(State())

    // MARK: From the client's thread

    /// The header is complete.
    func deliver(_ head: HTTPResponseHead) {
        let waiters = state.withLock { state in
            state.head = head
            defer { state.headWaiters = [] }
            return state.headWaiters
        }
        for waiter in waiters { waiter.resume(returning: .success(head)) }
    }

    /// Takes a piece of the body; `false` when the transfer is to be paused and the piece offered again.
    func offer(_ piece: UnsafeRawBufferPointer) -> Bool {
        var waiter: CheckedContinuation<PieceResult, Never>?
        let taken = state.withLock { state in
            // Nobody reads any more: the end of the transfer is on its way.
            if state.end != nil { return true }
            if !state.pieceWaiters.isEmpty {
                waiter = state.pieceWaiters.removeFirst()
                return true
            }
            guard state.bufferedBytes < Self.highMark else {
                state.isPaused = true
                return false
            }
            state.pieces.append(Array(piece))
            state.bufferedBytes += piece.count
            return true
        }
        waiter?.resume(returning: .success(Array(piece)))
        return taken
    }

    /// The transfer has ended. What is buffered can still be read.
    func end(_ result: Result<Void, HTTPClientError>) {
        let (heads, pieces) = state.withLock { state in
            if state.end == nil { state.end = result }
            defer {
                state.headWaiters = []
                state.pieceWaiters = []
            }
            return (state.headWaiters, state.pieceWaiters)
        }
        // Only a failure ends a transfer that had no header.
        for waiter in heads { waiter.resume(returning: result.flatMap { .failure(HTTPClientError("?", .cancelled)) }) }
        for waiter in pieces { waiter.resume(returning: result.map { nil }) }
    }

    // MARK: From the reader

    /// Ends the transfer for its reader at once, dropping what is buffered.
    func cancel(_ error: HTTPClientError) {
        state.withLock { state in
            state.pieces = []
            state.firstPiece = 0
            state.bufferedBytes = 0
        }
        end(.failure(error))
    }

    func head() async -> HeadResult {
        await withCheckedContinuation { continuation in
            let now: HeadResult? = state.withLock { state in
                if let head = state.head { return .success(head) }
                if let end = state.end { return end.flatMap { .failure(HTTPClientError("?", .cancelled)) } }
                state.headWaiters.append(continuation)
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// The next piece; `nil` after the last one.
    ///
    /// - Parameter resume: called when a paused transfer shall go on.
    func next(resume: () -> Void) async -> PieceResult {
        await withCheckedContinuation { continuation in
            var goesOn = false
            let now: PieceResult? = state.withLock { state in
                let piece = state.takePiece()
                if state.isPaused, state.bufferedBytes <= Self.lowMark {
                    state.isPaused = false
                    goesOn = true
                }
                if let piece { return .success(piece) }
                if let end = state.end { return end.map { nil } }
                state.pieceWaiters.append(continuation)
                return nil
            }
            if goesOn { resume() }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Whether the reader, not the server, is what the transfer waits for.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// For tests: how much is held.
    var bufferedBytes: Int { state.withLock { $0.bufferedBytes } }
}
