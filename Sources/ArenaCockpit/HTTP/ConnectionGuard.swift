import ArenaCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Bounds what one connection may cost: how long its requests may take to arrive, and what happens to one that is not
/// read to its end. Answers what is not a request, which would otherwise be closed without a word.
///
/// Lives on its channel's event loop; one per connection.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: CockpitLimits
    private let connections: ConnectionLimit
    private var admission = ConnectionLimit.Admission.accept
    private var timer: Scheduled<Void>?

    // Requests of one connection are answered in order, so counts tell which one a response belongs to.
    private var begun = 0
    private var ended = 0
    private var answered = 0
    private var isAnswering = false
    private var isClosing = false

    /// How long a refused client may take to read its answer before the connection is cut.
    private static let farewell = TimeAmount.seconds(1)

    init(limits: CockpitLimits, connections: ConnectionLimit) {
        self.limits = limits
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let connections = connections
        admission = connections.enter()
        context.channel.closeFuture.whenComplete { _ in connections.leave() }
        if case .drop = admission { return context.close(promise: nil) }
        startTimer(limits.headerTimeout, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head:
            begun += 1
            if case .refuse = admission { return reject(.tooManyConnections, context) }
            startTimer(limits.bodyTimeout, context)
        case .body:
            break
        case .end:
            ended += 1
            timer?.cancel()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody reads on while the connection closes, but the peer must be able to write what it is about to.
        if isClosing { context.read() }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        reject(error == .headerOverflow ? .headerTooLarge : .malformedRequest, context)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        // A response that does not wait for the rest of its request ends the connection.
        let isEarly = ended <= answered
        switch unwrapOutboundIn(data) {
        case .head(var head):
            isAnswering = true
            if isEarly { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            answered += 1
            if isEarly {
                context.writeAndFlush(data, promise: promise)
                close(context)
            } else {
                context.write(data, promise: promise)
            }
        }
    }

    private func startTimer(_ duration: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) {
            if self.begun > self.ended {
                self.reject(.tooSlow, context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// Answers with an error and closes. Where a response is under way already, there is nothing left but to close.
    private func reject(_ error: CockpitError, _ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        guard !isAnswering, answered >= begun - 1 else { return context.close(promise: nil) }
        let document = Reply.problemDocument(Failure(error), status: error.status)
        var fields = Reply.protectiveHeaders
        fields[.connection] = "close"
        fields[.contentType] = "application/problem+json"
        fields[.contentLength] = String(document.count)
        if error.status == 503 { fields[.retryAfter] = "1" }
        let head = HTTPResponse(status: .init(code: error.status), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: document))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        close(context)
    }

    /// Ends our side and drops what still comes: closing with unread data would reset the connection, and the client
    /// might never see the answer.
    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        timer?.cancel()
        context.close(mode: .output, promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { context.close(promise: nil) }
        context.read()
    }
}
