package import ArenaCore
import ArenaStore

/// Why the queue, the dispatcher or an attempt could not do what was asked.
package struct JobsError: ArenaError, Hashable {
    package let code: String
    package let category: ErrorCategory
    package let message: String
    package let hint: String?
    /// What a plugin is told when a service call failed so.
    package let status: StatusCode

    /// - Parameter status: The category's own status unless a finer one says more.
    package init(
        code: String, category: ErrorCategory, message: String, hint: String? = nil, status: StatusCode? = nil
    ) {
        self.code = code
        self.category = category
        self.message = message
        self.hint = hint
        self.status = status ?? StatusCode(category)
    }

    /// The same words, as this module's error.
    init(_ error: any Error) {
        if let error = error as? JobsError {
            self = error
        } else {
            let failure = Failure(error)
            self.init(code: failure.code, category: failure.category, message: failure.message, hint: failure.hint)
        }
    }
}

extension JobsError {
    static func notFound(_ jobID: String) -> Self {
        Self(
            code: "job.not_found", category: .notFound, message: "There is no job \(jobID).",
            hint: "`arena job list` shows the jobs.")
    }

    /// Another attempt has taken over: for good.
    static func leaseLost(_ jobID: String) -> Self {
        Self(
            code: "job.lease_lost", category: .conflict,
            message: "This attempt no longer holds job \(jobID): stop, nothing it writes counts.", status: .aborted)
    }
}
