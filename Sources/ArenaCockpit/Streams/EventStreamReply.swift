import HTTPTypes
import Hummingbird
import NIOCore

/// Makes the response that carries an ``EventFeed``: a first event at once, heartbeats while idle, an end when the reader
/// leaves or the server stops.
struct EventStreamReply: Sendable {
    let slots: StreamSlots
    /// Without anything else to say, the stream says so often that it lives.
    let heartbeat: Duration

    /// - Parameter feed: called once, before the response begins, so that its error is answered as any other.
    func response(
        to request: RouteRequest, _ feed: (String?) async throws -> any EventFeed
    ) async throws -> Response {
        _ = try request.query(known: [])
        guard let slot = slots.take() else { throw CockpitError.tooManyStreams }
        let feed = try await feed(HTTPField.Name("last-event-id").flatMap { request.headers[$0] })
        var headers = Reply.protectiveHeaders
        headers[.contentType] = "text/event-stream"
        // For proxies that would gather the answer before they pass it on.
        if let name = HTTPField.Name("x-accel-buffering") { headers[name] = "no" }
        guard let connection = request.connection else { return Response(status: .ok, headers: headers) }
        let heartbeat = heartbeat
        let body = ResponseBody { writer in
            let session = EventSession(feed, heartbeat: heartbeat, slot: slot)
            async let _: Void = session.watch(connection)
            while let bytes = try await session.next() { try await writer.write(bytes) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
