package import ArenaCore
package import ArenaJSON

/// Why a service did not do what a plugin asked: the status and words that the plugin gets.
package struct ServiceError: Error, Hashable {
    package let status: StatusCode
    package let code: String
    package let message: String
    package let hint: String?

    package init(_ status: StatusCode, code: String, _ message: String, hint: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// What any error of a provider becomes.
    package init(_ error: any Error) {
        if let error = error as? ServiceError {
            self = error
        } else if let fault = error as? PluginFault, case .failed(let status, let failure, _) = fault.kind {
            self.init(status, code: failure.code, failure.message, hint: failure.hint)
        } else {
            let failure = Failure(error)
            let status: StatusCode = failure.code == "job.key_sealed" ? .alreadyExists : StatusCode(failure.category)
            self.init(status, code: failure.code, failure.message, hint: failure.hint)
        }
    }

    static let callEnded = ServiceError(
        .cancelled, code: "service.call_ended", "The call of this request has ended.")

    /// `{"code", "message", "hint"}`.
    package var document: JSONValue {
        ["code": .string(code), "message": .string(message), "hint": hint.map(JSONValue.string) ?? .null]
    }
}
