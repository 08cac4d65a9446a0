package import ArenaJSON

/// One event of a `text/event-stream`.
package struct ServerEvent: Sendable, Hashable {
    package var name: String
    /// What a reader gives as `Last-Event-ID` to go on after this event. Without line ends.
    package var id: String
    package var data: JSONValue

    package init(_ name: String, id: String, data: JSONValue = [:]) {
        self.name = name
        self.id = id
        self.data = data
    }

    /// The event as it goes over the line.
    var bytes: [UInt8] { Array("event: \(name)\nid: \(id)\ndata: ".utf8) + data.bytes() + Array("\n\n".utf8) }
}

/// What one reader of a stream is told. Reads only when the reader has taken what came before, so a slow reader gets
/// fewer and larger steps and holds no memory.
package protocol EventFeed: Sendable {
    /// Calls `wake` whenever there may be something new, until the surrounding task is cancelled.
    func follow(_ wake: @Sendable () -> Void) async

    /// The events since the last call, in order; the first call gives at least one.
    mutating func next() async throws -> [ServerEvent]
}
