import ArenaCore

extension PluginServices {
    private func refuse(_ service: String) -> ServiceFailure {
        ServiceFailure(.unimplemented, "The service \(service) is not available where this plugin runs.")
    }

    package var seed: UInt64 { 0 }

    package func unixMilliseconds(in call: CallContext) throws(ServiceFailure) -> Int64 {
        throw refuse("arena.clock/1")
    }

    package func put(type: String, key: String, json: String, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.job/1")
    }

    package func commit(
        checkpoint: [UInt8], expected: UInt64, in call: CallContext
    ) throws(ServiceFailure) -> UInt64 { throw refuse("arena.job/1") }

    package func submitToLane(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.lanes/1")
    }

    package func nextFromLanes(
        timeoutNanoseconds: UInt64, in call: CallContext
    ) throws(ServiceFailure) -> ServiceEvent { throw refuse("arena.lanes/1") }

    package func abortAtLane(tag: UInt64, in call: CallContext) throws(ServiceFailure) { throw refuse("arena.lanes/1") }

    package func submitScoring(
        tag: UInt64, scorer: String, config: String, batch: ScoreBatch, in call: CallContext
    ) throws(ServiceFailure) { throw refuse("arena.scoring/1") }

    package func nextFromScoring(
        timeoutNanoseconds: UInt64, in call: CallContext
    ) throws(ServiceFailure) -> ServiceEvent { throw refuse("arena.scoring/1") }

    package func abortScoring(tag: UInt64, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.scoring/1")
    }

    package func page(
        view: String, params: String, cursor: String, limit: UInt32, in call: CallContext
    ) throws(ServiceFailure) -> [UInt8] { throw refuse("arena.views/1") }

    package func createArtifact(
        name: String, mediaType: String, in call: CallContext
    ) throws(ServiceFailure) -> UInt64 { throw refuse("arena.artifacts/1") }

    package func writeArtifact(_ artifact: UInt64, bytes: [UInt8], in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.artifacts/1")
    }

    package func finishArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        throw refuse("arena.artifacts/1")
    }

    package func discardArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.artifacts/1")
    }

    package func value(forKey key: String, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        throw refuse("arena.kv/1")
    }

    package func setValue(_ value: [UInt8], forKey key: String, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.kv/1")
    }

    package func removeValue(forKey key: String, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.kv/1")
    }

    package func keys(prefix: String, after: String, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        throw refuse("arena.kv/1")
    }

    package func submitHTTP(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure) {
        throw refuse("arena.http/1")
    }

    package func nextFromHTTP(
        timeoutNanoseconds: UInt64, in call: CallContext
    ) throws(ServiceFailure) -> ServiceEvent { throw refuse("arena.http/1") }

    package func abortHTTP(tag: UInt64, in call: CallContext) throws(ServiceFailure) { throw refuse("arena.http/1") }
}
