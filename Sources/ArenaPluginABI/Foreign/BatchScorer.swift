/// What judges batches: a scorer of a plugin's library, or one without Arena code.
package protocol BatchScorer: Sendable {
    /// Judges a batch. An item's own fault is in its result. [worker]
    ///
    /// - Throws: ``CallFailure`` for a fault of the call as a whole.
    func score(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> ScoreResults

    /// No call follows; a second time does nothing. [worker]
    func destroy()
}

extension Scorer: BatchScorer {}
