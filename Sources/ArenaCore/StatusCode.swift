/// The outcome of a call into a plugin or one of its services: gRPC's numbers, as `arena/types.h` states them.
package enum StatusCode: Int32, CaseIterable, Sendable {
    case ok = 0
    case cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
    case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, internalError, unavailable
    case dataLoss, unauthenticated

    /// Reads a status that a plugin returned; one outside the table counts as ``unknown`` [ERR-3].
    package init(foreign value: Int32) {
        self = StatusCode(rawValue: value) ?? .unknown
    }

    /// The category that people see; `nil` for ``ok``.
    package var category: ErrorCategory? {
        switch self {
        case .ok: nil
        case .cancelled: .cancelled
        case .unknown, .internalError, .dataLoss: .internalError
        case .invalidArgument, .outOfRange: .invalidArgument
        case .deadlineExceeded: .deadlineExceeded
        case .notFound: .notFound
        case .alreadyExists, .aborted: .conflict
        case .permissionDenied: .permissionDenied
        case .resourceExhausted: .resourceExhausted
        case .failedPrecondition: .failedPrecondition
        case .unimplemented: .unsupported
        case .unavailable: .unavailable
        case .unauthenticated: .unauthenticated
        }
    }

    /// The status that stands for a category on the way into a plugin.
    package init(_ category: ErrorCategory) {
        self =
            switch category {
            case .invalidArgument: .invalidArgument
            case .unauthenticated: .unauthenticated
            case .permissionDenied: .permissionDenied
            case .notFound: .notFound
            case .conflict: .aborted
            case .locked: .aborted
            case .resourceExhausted: .resourceExhausted
            case .failedPrecondition: .failedPrecondition
            case .unavailable: .unavailable
            case .deadlineExceeded: .deadlineExceeded
            case .unsupported: .unimplemented
            case .cancelled: .cancelled
            case .internalError: .internalError
            }
    }

    /// Whether the queue tries a job again that ended so, unless the plugin says otherwise [JOB-3].
    package var isRetriable: Bool {
        switch self {
        case .unavailable, .deadlineExceeded, .resourceExhausted, .aborted: true
        default: false
        }
    }
}
