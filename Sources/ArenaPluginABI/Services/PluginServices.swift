package import ArenaCore

/// What stands behind the services of plugins: the host itself, or in a child the way to it.
///
/// Every function blocks until it is answered, is called from any thread of a plugin, never from one of the cooperative
/// pool, and returns at once with ``StatusCode/cancelled`` when its call is cancelled [SVC-1]. That arguments are text
/// was checked; everything else about them is the implementation's affair. What one does not offer, it leaves to the
/// default, which refuses.
package protocol PluginServices: Sendable {
    /// Of `arena.random/1`; 0 outside of a job.
    var seed: UInt64 { get }
    /// Of `arena.clock/1`.
    func unixMilliseconds(in call: CallContext) throws(ServiceFailure) -> Int64

    func put(type: String, key: String, json: String, in call: CallContext) throws(ServiceFailure)
    /// Returns the number of commits sealed so far.
    func commit(checkpoint: [UInt8], expected: UInt64, in call: CallContext) throws(ServiceFailure) -> UInt64

    func submitToLane(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure)
    func nextFromLanes(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent
    func abortAtLane(tag: UInt64, in call: CallContext) throws(ServiceFailure)

    func submitScoring(
        tag: UInt64, scorer: String, config: String, batch: ScoreBatch, in call: CallContext) throws(ServiceFailure)
    func nextFromScoring(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent
    func abortScoring(tag: UInt64, in call: CallContext) throws(ServiceFailure)

    /// Returns JSON.
    func page(
        view: String, params: String, cursor: String, limit: UInt32, in call: CallContext
    ) throws(ServiceFailure) -> [UInt8]

    func createArtifact(name: String, mediaType: String, in call: CallContext) throws(ServiceFailure) -> UInt64
    func writeArtifact(_ artifact: UInt64, bytes: [UInt8], in call: CallContext) throws(ServiceFailure)
    /// Returns JSON.
    func finishArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure) -> [UInt8]
    func discardArtifact(_ artifact: UInt64, in call: CallContext) throws(ServiceFailure)

    func value(forKey key: String, in call: CallContext) throws(ServiceFailure) -> [UInt8]
    func setValue(_ value: [UInt8], forKey key: String, in call: CallContext) throws(ServiceFailure)
    func removeValue(forKey key: String, in call: CallContext) throws(ServiceFailure)
    /// Returns JSON.
    func keys(prefix: String, after: String, in call: CallContext) throws(ServiceFailure) -> [UInt8]

    func submitHTTP(tag: UInt64, request: String, in call: CallContext) throws(ServiceFailure)
    func nextFromHTTP(timeoutNanoseconds: UInt64, in call: CallContext) throws(ServiceFailure) -> ServiceEvent
    func abortHTTP(tag: UInt64, in call: CallContext) throws(ServiceFailure)
}

/// One event of a completion queue.
package struct ServiceEvent: Hashable, Sendable {
    package enum Kind: UInt32, Sendable { case none = 0, delta, done }

    package var kind: Kind
    package var tag: UInt64
    package var status: StatusCode
    /// JSON, or empty.
    package var data: [UInt8]

    package init(kind: Kind, tag: UInt64 = 0, status: StatusCode = .ok, data: [UInt8] = []) {
        self.kind = kind
        self.tag = tag
        self.status = status
        self.data = data
    }
}
