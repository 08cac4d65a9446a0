import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire

/// One operation on a lane whose type is a codec: the codec says what to send and what came back, the transport sends.
struct CodecLane {
    let lane: LaneDefinition
    let kind: ResolvedKind
    let codecs: CodecExecutor
    let transport: any LaneTransport

    /// - Parameter onDelta: hears the pieces of an answer in order.
    /// - Throws: ``LaneError``, or ``PluginFault`` for a codec that broke a rule.
    func perform(
        _ operation: CodecOperation, _ request: JSONValue, within limit: Duration,
        onDelta: @escaping @Sendable (ChatDelta) -> Void = { _ in }
    ) async throws -> CodecRun.Outcome {
        guard let endpoint = lane.endpoint else { throw LaneError(lane.id, .noAddress) }
        let deadline = monotonicNanoseconds() + limit.nanoseconds
        do {
            let run = try await codecs.begin(operation, completed(request), with: kind, config: lane.config)
            do {
                let outcome = try await drive(run, endpoint, deadline, onDelta)
                await run.close()
                return outcome
            } catch {
                await run.close()
                throw error
            }
        } catch let fault as PluginFault {
            guard case .failed(_, let failure, _) = fault.kind, !failure.code.hasPrefix("plugin.") else { throw fault }
            throw LaneError(lane.id, .refused(failure))
        } catch let failure as LaneTransportFailure {
            throw LaneError(lane.id, failure, limit: limit)
        }
    }

    private func drive(
        _ run: CodecRun, _ endpoint: LaneEndpoint, _ deadline: UInt64,
        _ onDelta: @escaping @Sendable (ChatDelta) -> Void
    ) async throws -> CodecRun.Outcome {
        while let request = await run.nextRequest() {
            let now = monotonicNanoseconds()
            guard now < deadline else {
                throw LaneTransportFailure(.timedOut, Failure(code: "", category: .deadlineExceeded, message: ""))
            }
            let whole = LaneRequest(
                method: request.method, url: endpoint.url(of: request.path),
                headers: request.headers.map { LaneHeader($0.name, $0.value) } + endpoint.headers, body: request.body,
                timeout: .nanoseconds(Int64(clamping: deadline - now)), certificateFile: endpoint.certificateFile)
            try await transport.send(whole) { part in
                let piece = AnswerPiece(
                    status: UInt32(clamping: part.status), headers: Self.document(part.headers), bytes: part.bytes,
                    isLast: part.isLast)
                for delta in try await run.feed(piece) { onDelta(delta) }
                return await run.outcome == nil
            }
            if let outcome = await run.outcome { return outcome }
        }
        throw LaneError(lane.id, .badAnswer("nothing"))
    }

    /// The lane's own model stands in for one that the request does not name.
    private func completed(_ request: JSONValue) -> JSONValue {
        guard let model = lane.model, var members = request.object, members["model"] == nil else { return request }
        members["model"] = .string(model)
        return .object(members)
    }

    private static func document(_ headers: [LaneHeader]) -> String {
        var members: JSONObject = [:]
        for header in headers { members[header.name.lowercased()] = .string(header.value) }
        return JSONValue.object(members).text()
    }
}

extension LaneError {
    init(_ lane: String, _ failure: LaneTransportFailure, limit: Duration) {
        switch failure.kind {
        case .unreachable: self.init(lane, .unreachable(failure.failure))
        case .cutOff: self.init(lane, .cutOff(failure.failure))
        case .timedOut: self.init(lane, .timedOut(milliseconds: limit.milliseconds))
        case .misconfigured: self.init(lane, .refused(failure.failure))
        }
    }
}
