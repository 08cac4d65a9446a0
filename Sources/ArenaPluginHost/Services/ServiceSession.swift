import ArenaCore
import ArenaJSON
import ArenaPluginABI
package import ArenaPluginWire
import Synchronization

/// The services of one running call: takes its requests, asks the providers, answers.
///
/// Requests are answered as they finish, not in order. When the call ends, what it started is cancelled.
package final class ServiceSession: CallListener {
    private let providers: ServiceProviders
    private let granted: [String: ServiceRequest]
    private let lanes = CompletionQueue()
    private let scoring = CompletionQueue()
    private let http = CompletionQueue(mostOpen: HTTPGrant.mostOpenRequests)
    private let onProgress: @Sendable (ProgressMessage) -> Void
    private let onLog: @Sendable (LogMessage) -> Void
    private let onDelta: @Sendable ([UInt8]) -> Void
    private typealias Work = @Sendable () async -> Void
    /// Job rows and artifacts keep their order: one after the other.
    private let ordered: AsyncStream<Work>.Continuation
    /// All else goes on at the same time, and is cancelled when the call ends.
    private let concurrent: AsyncStream<Work>.Continuation
    private let isOver = Atomic(false)

    /// - Parameter granted: the services that the plugin's grant holds.
    package init(
        providers: ServiceProviders, granted: [ServiceRequest],
        onProgress: @escaping @Sendable (ProgressMessage) -> Void = { _ in },
        onLog: @escaping @Sendable (LogMessage) -> Void = { _ in },
        onDelta: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) {
        self.providers = providers
        self.granted = Dictionary(granted.map { ($0.id.description, $0) }, uniquingKeysWith: { first, _ in first })
        self.onProgress = onProgress
        self.onLog = onLog
        self.onDelta = onDelta
        let (inOrder, ordered) = AsyncStream.makeStream(of: Work.self)
        let (others, concurrent) = AsyncStream.makeStream(of: Work.self)
        self.ordered = ordered
        self.concurrent = concurrent
        Task { for await work in inOrder { await work() } }
        Task {
            await withDiscardingTaskGroup { group in
                for await work in others { group.addTask { await work() } }
                group.cancelAll()
            }
        }
    }

    deinit {
        ordered.finish()
        concurrent.finish()
    }

    package func delta(_ bytes: [UInt8]) { onDelta(bytes) }
    package func progressed(_ progress: ProgressMessage) { onProgress(progress) }
    package func logged(_ line: LogMessage) { onLog(line) }

    package func ended() {
        isOver.store(true, ordering: .releasing)
        ordered.finish()
        concurrent.finish()
        Task { [lanes, scoring, http] in
            await lanes.close()
            await scoring.close()
            await http.close()
        }
    }

    package func requested(_ message: ServiceMessage, of child: PluginChild) {
        requested(message) { child.reply($0) }
    }

    /// Does what is asked; `reply` hears of it once.
    package func requested(_ message: ServiceMessage, reply: @escaping @Sendable (ReplyMessage) -> Void) {
        let answer: Work = { [self] in
            do {
                guard !isOver.load(ordering: .acquiring) else { throw ServiceError.callEnded }
                reply(ReplyMessage(id: message.id, status: .ok, data: try await perform(message.request)))
            } catch {
                let failure = ServiceError(error)
                reply(
                    ReplyMessage(
                        id: message.id, status: failure.status, message: failure.message,
                        detail: failure.document.text()))
            }
        }
        let queue =
            switch message.request {
            case .jobPut, .jobCommit, .artifactsCreate, .artifactsWrite, .artifactsFinish, .artifactsDiscard: ordered
            default: concurrent
            }
        // Asked after the end: there is nothing left to do but to say so.
        if case .terminated = queue.yield(answer) { Task { await answer() } }
    }

    /// A child asks only for what its hello granted; a hostile one gets the same answer as an honest one.
    private func perform(_ request: ArenaPluginWire.ServiceRequest) async throws -> [UInt8] {
        let service = request.method.serviceID
        guard granted[service] != nil else {
            throw ServiceError(
                .permissionDenied, code: "service.not_granted", "Service \(service) was not granted to this plugin.",
                hint: "Name it under `services` in the manifest, then grant the plugin anew.")
        }
        switch request {
        case .jobPut(let type, let key, let json):
            try await need(providers.job, "arena.job/1").put(recordType: type, key: key, json: json)
            return []
        case .jobCommit(let checkpoint, let expected):
            let sequence = try await need(providers.job, "arena.job/1")
                .commit(checkpoint: checkpoint, expected: expected)
            return encode { $0.u64(sequence) }
        case .lanesSubmit(let tag, let text):
            let provider = try need(providers.lanes, "arena.lanes/1")
            let request = try parse(text, "request_json")
            try await lanes.submit(tag: tag) { try await provider.perform(request, onDelta: $0) }
            return []
        case .lanesNext(let timeout): return await lanes.next(within: .nanoseconds(Int64(clamping: timeout))).encode()
        case .lanesAbort(let tag):
            await lanes.abort(tag: tag)
            return []
        case .scoringSubmit(let tag, let scorer, let config, let bytes):
            let provider = try need(providers.scoring, "arena.scoring/1")
            let configuration = config.isEmpty ? JSONValue.object([:]) : try parse(config, "config_json")
            let batch = try ScoreBatch(decoding: bytes)
            try batch.validateTexts()
            try await scoring.submit(tag: tag) { _ in
                try await provider.score(batch, scorer: scorer, config: configuration)
            }
            return []
        case .scoringNext(let timeout):
            return await scoring.next(within: .nanoseconds(Int64(clamping: timeout))).encode()
        case .scoringAbort(let tag):
            await scoring.abort(tag: tag)
            return []
        case .httpSubmit(let tag, let text):
            let provider = try need(providers.http, "arena.http/1")
            let request = try parse(text, "request_json")
            try await http.stream(tag: tag) { try await provider.perform(request, onPiece: $0) }
            return []
        case .httpNext(let timeout): return await http.next(within: .nanoseconds(Int64(clamping: timeout))).encode()
        case .httpAbort(let tag):
            await http.abort(tag: tag)
            return []
        default: return try await performStored(request)
        }
    }

    /// The services that keep something: views, artifacts, key values, and the clock.
    private func performStored(_ request: ArenaPluginWire.ServiceRequest) async throws -> [UInt8] {
        switch request {
        case .viewsPage(let name, let params, let cursor, let limit):
            let views = try need(providers.views, "arena.views/1")
            guard granted["arena.views/1"]?.names("views").contains(name) == true else {
                throw ServiceError(
                    .permissionDenied, code: "service.view_not_granted", "View \(name) is not granted.",
                    hint: "Add it to `views` of arena.views/1 in the manifest's services.")
            }
            guard (1...1000).contains(limit) else {
                throw ServiceError(.invalidArgument, code: "service.limit", "limit \(limit) is not in 1...1000.")
            }
            let parameters = params.isEmpty ? JSONValue.object([:]) : try parse(params, "params_json")
            return try await views.page(of: name, parameters: parameters, cursor: cursor, limit: Int(limit)).bytes()
        case .artifactsCreate(let name, let mediaType):
            let id = try await need(providers.artifacts, "arena.artifacts/1").create(name: name, mediaType: mediaType)
            return encode { $0.u64(id) }
        case .artifactsWrite(let artifact, let bytes):
            try await need(providers.artifacts, "arena.artifacts/1").write(bytes, to: artifact)
            return []
        case .artifactsFinish(let artifact):
            return try await need(providers.artifacts, "arena.artifacts/1").finish(artifact).bytes()
        case .artifactsDiscard(let artifact):
            try await need(providers.artifacts, "arena.artifacts/1").discard(artifact)
            return []
        case .kvGet(let key):
            guard let value = try await need(providers.keyValues, "arena.kv/1").get(key) else {
                throw ServiceError(.notFound, code: "kv.not_found", "There is no value for key \(key).")
            }
            return value
        case .kvPut(let key, let value):
            try await need(providers.keyValues, "arena.kv/1").put(key, value)
            return []
        case .kvRemove(let key):
            try await need(providers.keyValues, "arena.kv/1").remove(key)
            return []
        case .kvKeys(let prefix, let after):
            let keys = try await need(providers.keyValues, "arena.kv/1").keys(prefix: prefix, after: after)
            return JSONValue.array(keys.map(JSONValue.string)).bytes()
        default: return encode { $0.i64(providers.clock.now().unixMilliseconds) }
        }
    }

    /// The provider, if the service makes sense here.
    private func need<Provider>(_ provider: Provider?, _ id: String) throws(ServiceError) -> Provider {
        guard let provider else {
            throw ServiceError(
                .failedPrecondition, code: "service.not_here", "Service \(id) is not available to this kind of call.")
        }
        return provider
    }

    private func parse(_ text: String, _ name: String) throws(ServiceError) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch {
            throw ServiceError(.invalidArgument, code: "service.bad_json", "\(name): \(error.message)")
        }
    }

    private func encode(_ body: (inout FieldWriter) -> Void) -> [UInt8] {
        var fields = FieldWriter()
        body(&fields)
        return fields.bytes
    }
}
