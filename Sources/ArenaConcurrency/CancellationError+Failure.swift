package import ArenaCore

/// A task that was cancelled says so in the words of every other failure.
extension CancellationError: FailureConvertible {
    package var failure: Failure {
        Failure(code: "cancelled", category: .cancelled, message: "The operation was cancelled.")
    }
}
