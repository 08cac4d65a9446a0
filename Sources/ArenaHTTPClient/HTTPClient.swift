import Synchronization

/// A streaming HTTP/1.1 client with one thread of its own, which every request of it shares.
///
/// Connections are kept and used again, also between requests of different callers. Proxy variables, cookies, netrc
/// files and alternative services are ignored, and no redirect is followed: what a header holds goes to one host.
/// Certificates are verified against those of the system, unless a request names others.
package final class HTTPClient: Sendable {
    private let loop = LazyLoop()

    package init() {}

    deinit { loop.end()?.stop() }

    /// Sends a request and returns once the header of its answer is there, whatever its status.
    ///
    /// Cancelling the surrounding task ends the request with `http.cancelled`; so does dropping the exchange.
    package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPExchange {
        let target = try RequestTarget(request.url)
        try request.check(for: target)
        guard let loop = loop.running() else { throw HTTPClientError(target.description, .cancelled) }
        let handle = TransferHandle(loop: loop, target: target)
        guard loop.start(handle.id, request, target, handle.pipe) else { throw handle.cancellation }
        let head = await withTaskCancellationHandler {
            await handle.pipe.head()
        } onCancel: {
            handle.cancel()
        }
        return HTTPExchange(head: try head.get(), body: HTTPBody(handle: handle))
    }

    /// Ends all requests with `http.cancelled`, closes the connections and returns once the thread has ended.
    package func close() async { await loop.end()?.close() }
}

/// An answer: its header, and its body as it arrives.
package struct HTTPExchange: Sendable {
    package let head: HTTPResponseHead
    package let body: HTTPBody

    /// Gives the rest of the answer up; the connection is closed. Reading goes on with `http.cancelled`.
    package func cancel() { body.handle.cancel() }

    /// The whole body.
    ///
    /// - Throws: `http.too_large` when it is longer than `limit` bytes.
    package func collect(upTo limit: Int) async throws(HTTPClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        var pieces = body.makeAsyncIterator()
        while let piece = try await pieces.next(isolation: nil) {
            guard bytes.count + piece.count <= limit else {
                cancel()
                throw HTTPClientError(body.handle.target.description, .tooLarge(limit: limit))
            }
            bytes += piece
        }
        return bytes
    }
}

/// The body of an answer in pieces, for one reader, once.
///
/// A slow reader pauses the transfer: at most some 300 KiB wait here. Cancelling the reading task ends the request.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = HTTPClientError

    let handle: TransferHandle

    package struct AsyncIterator: AsyncIteratorProtocol {
        package typealias Element = [UInt8]
        package typealias Failure = HTTPClientError

        let handle: TransferHandle

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPClientError) -> [UInt8]? {
            let handle = handle
            let piece = await withTaskCancellationHandler {
                await handle.pipe.next { handle.resume() }
            } onCancel: {
                handle.cancel()
            }
            return try piece.get()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(handle: handle) }
}

/// The reader's end of a request; when nobody holds it any more the request is cancelled.
final class TransferHandle: Sendable {
    let id: UInt64
    let target: RequestTarget
    let pipe = TransferPipe()
    private let loop: CurlLoop
    private static let last = Atomic<UInt64>(0)

    init(loop: CurlLoop, target: RequestTarget) {
        id = Self.last.add(1, ordering: .relaxed).newValue
        self.loop = loop
        self.target = target
    }

    deinit { loop.cancel(id) }

    var cancellation: HTTPClientError { HTTPClientError(target.description, .cancelled) }

    func cancel() {
        pipe.cancel(cancellation)
        loop.cancel(id)
    }

    func resume() { loop.resume(id) }
}
