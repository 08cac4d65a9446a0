import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

/// A codec that was created, wherever it runs.
protocol CodecInstance: Sendable {
    /// Whether it can be used no more.
    var isOver: Bool { get }
    /// Writes the first request of an operation and makes what reads the answers to it.
    func begin(
        _ operation: CodecOperation, _ request: String
    ) async throws(PluginFault) -> (request: String, decoder: any CodecDecoding)
    /// Gives everything back, after its decoders. No call follows.
    func discard() async
}

/// What reads the answer to one operation. One call at a time.
protocol CodecDecoding: Sendable {
    func feed(_ piece: AnswerPiece) async throws(PluginFault) -> [CodecEvent]
    func discard() async
}

/// Bytes of an HTTP answer.
package struct AnswerPiece: Hashable, Sendable {
    /// Of the HTTP answer.
    package var status: UInt32
    /// A JSON object of its headers, names in lower case.
    package var headers: String
    package var bytes: [UInt8]
    /// Whether the body ends with them.
    package var isLast: Bool

    package init(status: UInt32, headers: String, bytes: [UInt8], isLast: Bool) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// A codec in a child process of its plugin; many operations share it.
struct ChildCodec: CodecInstance {
    private let child: PluginChild
    private let plugin: String
    /// For one piece of its work.
    private let limit: Duration
    private let lastDecoder = NumberSource()
    private static let instance: UInt64 = 1

    init(
        _ kind: ResolvedKind, config: String, loader: PluginLoader, limit: Duration
    ) async throws(PluginFault) {
        (child, _) = try await loader.load(kind.plugin, for: kind.kind)
        plugin = kind.plugin.id
        self.limit = limit
        do {
            _ = try await Self.call(
                child, .codecCreate(instance: Self.instance, kind: kind.kind.id, config: config), plugin, limit)
        } catch {
            child.dismiss()
            throw error
        }
    }

    var isOver: Bool { child.isOver }

    func begin(
        _ operation: CodecOperation, _ request: String
    ) async throws(PluginFault) -> (request: String, decoder: any CodecDecoding) {
        // One after the other: at once they would need twice the threads in the child.
        let bytes = try await Self.call(
            child, .codecEncode(instance: Self.instance, operation: operation.rawValue, request: request), plugin,
            limit)
        let number = Self.instance + lastDecoder.next()
        _ = try await Self.call(
            child,
            .codecDecoderCreate(
                codec: Self.instance, decoder: number, operation: operation.rawValue, request: request), plugin,
            limit)
        return (
            String(decoding: bytes, as: UTF8.self),
            Decoder(child: child, number: number, plugin: plugin, limit: limit)
        )
    }

    func discard() async { child.dismiss() }

    private struct Decoder: CodecDecoding {
        let child: PluginChild
        let number: UInt64
        let plugin: String
        let limit: Duration

        func feed(_ piece: AnswerPiece) async throws(PluginFault) -> [CodecEvent] {
            let request = CallRequest.CodecPiece(
                decoder: number, status: piece.status, headers: piece.headers, bytes: piece.bytes,
                isLast: piece.isLast)
            let bytes = try await ChildCodec.call(child, .codecFeed(request), plugin, limit)
            do throws(WireError) { return try CodecEvent.decode(bytes) } catch {
                child.kill()
                throw PluginFault(.wireViolation(error.message), plugin: plugin)
            }
        }

        func discard() async {
            // Also for a caller that has given up: the object is the plugin's and wants to be given back.
            let destroy = Task { [self] in
                _ = try? await ChildCodec.call(child, .codecDecoderDestroy(decoder: number), plugin, limit)
            }
            await destroy.value
        }
    }

    private static func call(
        _ child: PluginChild, _ request: CallRequest, _ plugin: String, _ limit: Duration
    ) async throws(PluginFault) -> [UInt8] {
        do throws(PluginFault) {
            return try await child.call(request, deadline: monotonicNanoseconds() + limit.nanoseconds)
        } catch {
            throw error.naming(plugin)
        }
    }
}

/// Numbers from 1, each once.
final class NumberSource: Sendable {
    private let last = Mutex<UInt64>(0)

    func next() -> UInt64 {
        last.withLock {
            $0 += 1
            return $0
        }
    }
}

/// A codec in the host's own process, on the host's plugin threads.
struct HostCodec: CodecInstance {
    private let codec: LaneCodec
    private let threads: PluginThreads
    private let plugin: String
    /// For one piece of its work.
    private let limit: Duration

    init(
        _ kind: ResolvedKind, config: String, library: PluginLibrary, threads: PluginThreads, limit: Duration
    ) async throws(PluginFault) {
        self.threads = threads
        self.limit = limit
        let id = kind.plugin.id
        plugin = id
        let name = kind.kind.id
        codec = try await Self.run(threads, within: limit, plugin: id) { call throws(CallFailure) in
            let created: LaneCodecKind
            do throws(PluginABIError) { created = try library.laneCodec(name) } catch {
                throw CallFailure(StatusCode(error.category), error.message)
            }
            return try created.create(config: config, in: call)
        }
    }

    var isOver: Bool { false }

    func begin(
        _ operation: CodecOperation, _ request: String
    ) async throws(PluginFault) -> (request: String, decoder: any CodecDecoding) {
        let codec = self.codec
        let (text, decoder) = try await Self.run(threads, within: limit, plugin: plugin) { call throws(CallFailure) in
            (
                try codec.encode(operation, request: request, in: call),
                try codec.decoder(operation, request: request, in: call)
            )
        }
        return (text, Decoder(decoder: decoder, threads: threads, plugin: plugin, limit: limit))
    }

    func discard() async {
        let codec = self.codec
        _ = try? await threads.call(within: limit) { _ in codec.destroy() }
    }

    private struct Decoder: CodecDecoding {
        let decoder: CodecDecoder
        let threads: PluginThreads
        let plugin: String
        let limit: Duration

        func feed(_ piece: AnswerPiece) async throws(PluginFault) -> [CodecEvent] {
            let decoder = self.decoder
            return try await HostCodec.run(threads, within: limit, plugin: plugin) { call throws(CallFailure) in
                try decoder.feed(
                    status: piece.status, headers: piece.headers, bytes: piece.bytes, isLast: piece.isLast, in: call
                ).map(CodecEvent.init)
            }
        }

        func discard() async {
            let (decoder, threads, limit) = (self.decoder, self.threads, self.limit)
            await Task { _ = try? await threads.call(within: limit) { _ in decoder.destroy() } }.value
        }
    }

    private static func run<Value: Sendable>(
        _ threads: PluginThreads, within limit: Duration, plugin: String,
        _ body: @escaping @Sendable (CallContext) throws(CallFailure) -> Value
    ) async throws(PluginFault) -> Value {
        let result: Result<Value, CallFailure>
        do throws(PluginThreads.Refusal) {
            result = try await threads.call(within: limit) { call in
                let context = CallContext(deadlineNanoseconds: call.deadline, observer: CodecObserver(call: call))
                return Result { () throws(CallFailure) in try body(context) }
            }
        } catch {
            throw PluginFault(error, plugin: plugin, after: limit)
        }
        do throws(CallFailure) { return try result.get() } catch { throw PluginFault(error, plugin: plugin) }
    }
}

/// What a codec in the host may say: it polls for cancellation, and nobody listens to its progress.
private struct CodecObserver: CallObserver {
    let call: PluginThreads.Call

    var isCancelled: Bool { call.isCancelled }
    func progress(done: UInt64, total: UInt64, phase: String, fields: String) {}
    func log(_ level: PluginLogLevel, _ message: String, fields: String) {}
}

extension CodecEvent {
    fileprivate init(_ finding: CodecFinding) {
        switch finding {
        case .delta(let piece):
            self = .delta(
                ChatDelta(channel: piece.channel.rawValue, choice: piece.choice, text: piece.text, raw: piece.raw))
        case .end(let end):
            self = .end(ChatEnd(finishReason: end.finishReason, usage: end.usage, meta: end.meta))
        case .value(let text): self = .value(text)
        case .request(let text): self = .request(text)
        }
    }
}
