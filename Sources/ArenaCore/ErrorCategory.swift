/// The closed set of failure kinds.
///
/// Modules choose a case; the command line and the cockpit map it, once, to an exit status and an HTTP status.
package enum ErrorCategory: String, CaseIterable, Sendable {
    case invalidArgument = "invalid_argument"
    case unauthenticated
    case permissionDenied = "permission_denied"
    case notFound = "not_found"
    case conflict
    case locked
    case resourceExhausted = "resource_exhausted"
    case failedPrecondition = "failed_precondition"
    case unavailable
    case deadlineExceeded = "deadline_exceeded"
    case unsupported
    case cancelled
    case internalError = "internal"

    /// The process exit status, following `sysexits.h`.
    package var exitStatus: Int32 {
        switch self {
        case .invalidArgument: 64  // EX_USAGE
        case .notFound: 66  // EX_NOINPUT
        case .unavailable, .unsupported: 69  // EX_UNAVAILABLE
        case .internalError: 70  // EX_SOFTWARE
        case .conflict: 73  // EX_CANTCREAT
        case .locked, .resourceExhausted, .deadlineExceeded: 75  // EX_TEMPFAIL
        case .unauthenticated, .permissionDenied: 77  // EX_NOPERM
        case .failedPrecondition: 78  // EX_CONFIG
        case .cancelled: 130  // 128 + SIGINT
        }
    }

    /// The status of an HTTP response that reports this failure.
    ///
    /// A body that parses but does not validate is `invalidArgument` with status 422; the route says so.
    package var httpStatus: Int {
        switch self {
        case .invalidArgument: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound: 404
        case .conflict, .failedPrecondition: 409
        case .locked: 423
        case .resourceExhausted: 429
        case .cancelled: 499
        case .internalError: 500
        case .unsupported: 501
        case .unavailable: 503
        case .deadlineExceeded: 504
        }
    }
}
