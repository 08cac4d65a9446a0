import ArenaCore
import ArenaPluginABI
import ArenaPluginWire

/// The services of the host as a plugin in this process uses them: each question goes over the wire.
struct WireServices: PluginServices {
    let desk: ServiceDesk
    let seed: UInt64

    func unixMilliseconds(in call: CallContext) throws(ServiceFailure) -> Int64 {
        try read(try desk.ask(.clockUnixMilliseconds, in: call)) { reader throws(WireError) in try reader.i64() }
    }

    func put(type: String, key: String, json: String, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.jobPut(type: type, key: key, json: json), in: call)
    }

    func commit(checkpoint: [UInt8], expected: UInt64, in call: CallContext) throws(ServiceFailure) -> UInt64 {
        try number(try desk.ask(.jobCommit(checkpoint: checkpoint, expected: expected), in: call))
    }

    func submitToLane(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.lanesSubmit(tag: tag, request: request), in: call)
    }

    func nextFromLanes(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent {
        try event(try desk.ask(.lanesNext(timeoutNanoseconds: timeoutNanoseconds), in: call))
    }

    func abortAtLane(tag: UInt64, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.lanesAbort(tag: tag), in: call)
    }

    func submitScoring(
        tag: UInt64, scorer: String, config: String, batch: ScoreBatch, in call: CallContext
    ) throws(ServiceFailure) {
        _ = try desk.ask(.scoringSubmit(tag: tag, scorer: scorer, config: config, batch: batch.bytes), in: call)
    }

    func nextFromScoring(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent {
        try event(try desk.ask(.scoringNext(timeoutNanoseconds: timeoutNanoseconds), in: call))
    }

    func abortScoring(tag: UInt64, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.scoringAbort(tag: tag), in: call)
    }

    func page(
        view: String, params: String, cursor: String, limit: UInt32, in call: CallContext
    ) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.viewsPage(name: view, params: params, cursor: cursor, limit: limit), in: call)
    }

    func createArtifact(name: String, mediaType: String, in call: CallContext) throws(ServiceFailure) -> UInt64 {
        try number(try desk.ask(.artifactsCreate(name: name, mediaType: mediaType), in: call))
    }

    func writeArtifact(_ artifact: UInt64, bytes: [UInt8], in call: CallContext) throws(ServiceFailure) {
        // A plugin may write more at once than a frame holds.
        var rest = bytes[...]
        repeat {
            let piece = Array(rest.prefix(1 << 20))
            rest = rest.dropFirst(piece.count)
            _ = try desk.ask(.artifactsWrite(artifact: artifact, bytes: piece), in: call)
        } while !rest.isEmpty
    }

    func finishArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.artifactsFinish(artifact: artifact), in: call)
    }

    func discardArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.artifactsDiscard(artifact: artifact), in: call)
    }

    func value(forKey key: String, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.kvGet(key: key), in: call)
    }

    func setValue(_ value: [UInt8], forKey key: String, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.kvPut(key: key, value: value), in: call)
    }

    func removeValue(forKey key: String, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.kvRemove(key: key), in: call)
    }

    func keys(prefix: String, after: String, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.kvKeys(prefix: prefix, after: after), in: call)
    }

    func submitHTTP(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.httpSubmit(tag: tag, request: request), in: call)
    }

    func nextFromHTTP(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent {
        try event(try desk.ask(.httpNext(timeoutNanoseconds: timeoutNanoseconds), in: call))
    }

    func abortHTTP(tag: UInt64, in call: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.httpAbort(tag: tag), in: call)
    }

    private func number(_ data: [UInt8]) throws(ServiceFailure) -> UInt64 {
        try read(data) { reader throws(WireError) in try reader.u64() }
    }

    private func event(_ data: [UInt8]) throws(ServiceFailure) -> ServiceEvent {
        do {
            let event = try CompletionEvent(decoding: data)
            return ServiceEvent(
                kind: ServiceEvent.Kind(rawValue: event.kind.rawValue) ?? .none, tag: event.tag, status: event.status,
                data: event.data)
        } catch {
            throw ServiceFailure(.internalError, error.message)
        }
    }

    private func read<T>(
        _ data: [UInt8], _ body: (inout FieldReader) throws(WireError) -> T
    ) throws(ServiceFailure) -> T {
        do {
            var reader = FieldReader(data)
            let value = try body(&reader)
            try reader.finish()
            return value
        } catch {
            throw ServiceFailure(.internalError, error.message)
        }
    }
}
