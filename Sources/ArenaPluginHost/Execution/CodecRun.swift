import ArenaCore
package import ArenaJSON
import ArenaPluginABI
package import ArenaPluginWire

/// One operation of a lane on its way through a codec: requests come out, bytes go in, and in the end there is an
/// answer. Whatever the codec does, each of them is bounded.
package actor CodecRun {
    /// What an operation came to.
    package enum Outcome: Hashable, Sendable {
        case end(ChatEnd)
        case value(JSONValue)
    }

    /// What one operation may cost in all.
    package struct Limits: Hashable, Sendable {
        /// HTTP requests, the first one included [CODEC-5].
        package var requests: Int
        /// Bytes of all answers.
        package var input: Int
        /// Bytes of texts, raw chunks and documents.
        package var output: Int
        /// For each call of the codec: it does no I/O.
        package var step: Duration

        package init(
            requests: Int = 16, input: Int = 64 << 20, output: Int = 128 << 20, step: Duration = .seconds(5)
        ) {
            self.step = step
            self.requests = requests
            self.input = input
            self.output = output
        }
    }

    private let decoder: any CodecDecoding
    private let operation: CodecOperation
    private let plugin: String
    private let limits: Limits
    /// Hears of a fault that leaves the codec itself in doubt.
    private let onFault: @Sendable (PluginFault) async -> Void
    private var waiting: [CodecRequest]
    private var requests = 1
    private var input = 0
    private var output = 0
    private var fault: PluginFault?
    /// `nil` until the codec has said it.
    package private(set) var outcome: Outcome?

    /// Pieces are cut so small.
    private static let pieceSize = 256 << 10

    init(
        _ operation: CodecOperation, first: CodecRequest, decoder: any CodecDecoding, plugin: String, limits: Limits,
        onFault: @escaping @Sendable (PluginFault) async -> Void
    ) {
        self.operation = operation
        self.decoder = decoder
        self.plugin = plugin
        self.limits = limits
        self.onFault = onFault
        waiting = [first]
    }

    /// The request to send now; `nil`: the operation is over, or its present answer has not ended.
    package func nextRequest() -> CodecRequest? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// Takes the next bytes of the present answer and gives the pieces of text found in them, in order.
    ///
    /// - Throws: ``PluginFault``: the server's failure in the codec's words, or what the codec did wrong. The operation
    ///   is over then.
    package func feed(_ piece: AnswerPiece) async throws(PluginFault) -> [ChatDelta] {
        if let fault { throw fault }
        do throws(PluginFault) {
            input += piece.bytes.count
            guard input <= limits.input else {
                throw PluginFault.codec(
                    "plugin.codec_flood", "was fed more than \(limits.input) bytes without an end", plugin: plugin)
            }
            var deltas: [ChatDelta] = []
            var start = 0
            repeat {
                let end = min(start + Self.pieceSize, piece.bytes.count)
                let isLast = piece.isLast && end == piece.bytes.count
                let part = AnswerPiece(
                    status: piece.status, headers: piece.headers, bytes: Array(piece.bytes[start..<end]),
                    isLast: isLast)
                for event in try await decoder.feed(part) { if let delta = try take(event) { deltas.append(delta) } }
                start = end
            } while start < piece.bytes.count
            // [CODEC-7]
            if piece.isLast, outcome == nil, waiting.isEmpty {
                throw PluginFault.codec(
                    "plugin.codec_silent", "took the whole answer and found neither an answer nor a failure in it",
                    plugin: plugin)
            }
            return deltas
        } catch {
            fault = error
            await onFault(error)
            throw error
        }
    }

    /// Gives the decoder back. Nothing follows.
    package func close() async { await decoder.discard() }

    private func take(_ event: CodecEvent) throws(PluginFault) -> ChatDelta? {
        // [CODEC-2]
        guard outcome == nil else {
            throw PluginFault.codec("plugin.codec_disorder", "went on after the end of its answer", plugin: plugin)
        }
        switch event {
        case .delta(let delta):
            guard operation.isAnswer else { throw wrongKind }
            try count(delta.text.utf8.count + delta.raw.count)
            return delta
        case .end(let end):
            guard operation.isAnswer else { throw wrongKind }
            outcome = .end(end)
        case .value(let text):
            guard !operation.isAnswer else { throw wrongKind }
            try count(text.utf8.count)
            guard let value = try? JSONValue(parsing: text) else {
                throw PluginFault.codec("plugin.bad_value", "wrote an answer that is no JSON", plugin: plugin)
            }
            outcome = .value(value)
        case .request(let text):
            requests += 1
            guard requests <= limits.requests else {
                throw PluginFault.codec(
                    "plugin.codec_flood", "wants more than \(limits.requests) requests for one operation",
                    plugin: plugin)
            }
            waiting.append(try CodecRequest(text, plugin: plugin))
        }
        return nil
    }

    private func count(_ bytes: Int) throws(PluginFault) {
        output += bytes
        guard output <= limits.output else {
            throw PluginFault.codec(
                "plugin.codec_flood", "made an answer of more than \(limits.output) bytes", plugin: plugin)
        }
    }

    private var wrongKind: PluginFault {
        PluginFault.codec(
            "plugin.codec_disorder", "answered \(operation) in the form of another operation", plugin: plugin)
    }
}
