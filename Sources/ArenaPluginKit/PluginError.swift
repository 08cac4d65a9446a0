import ArenaJSON
import CArenaPlugin

/// The outcome of a call, with the numbers and meanings of gRPC that `arena/types.h` states.
package struct PluginStatus: RawRepresentable, Hashable, Sendable {
    package var rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let ok = Self(rawValue: ARENA_OK)
    package static let cancelled = Self(rawValue: ARENA_CANCELLED)
    package static let unknown = Self(rawValue: ARENA_UNKNOWN)
    package static let invalidArgument = Self(rawValue: ARENA_INVALID_ARGUMENT)
    package static let deadlineExceeded = Self(rawValue: ARENA_DEADLINE_EXCEEDED)
    package static let notFound = Self(rawValue: ARENA_NOT_FOUND)
    package static let alreadyExists = Self(rawValue: ARENA_ALREADY_EXISTS)
    package static let permissionDenied = Self(rawValue: ARENA_PERMISSION_DENIED)
    package static let resourceExhausted = Self(rawValue: ARENA_RESOURCE_EXHAUSTED)
    package static let failedPrecondition = Self(rawValue: ARENA_FAILED_PRECONDITION)
    package static let aborted = Self(rawValue: ARENA_ABORTED)
    package static let outOfRange = Self(rawValue: ARENA_OUT_OF_RANGE)
    package static let unimplemented = Self(rawValue: ARENA_UNIMPLEMENTED)
    package static let internalError = Self(rawValue: ARENA_INTERNAL)
    package static let unavailable = Self(rawValue: ARENA_UNAVAILABLE)
    package static let dataLoss = Self(rawValue: ARENA_DATA_LOSS)
    package static let unauthenticated = Self(rawValue: ARENA_UNAUTHENTICATED)
}

/// Why a call into the plugin, or a service that it asked, fails.
package struct PluginError: Error, Hashable, Sendable {
    package var status: PluginStatus
    /// A stable dotted identifier such as `lane.unreachable`.
    package var code: String
    /// One sentence for a person, naming the thing, without secrets or prompts.
    package var message: String
    /// What to do about it.
    package var hint: String?
    /// Whether the queue tries the job again; `nil`: as the status says [JOB-3].
    package var retry: Bool?
    /// Whether the host knows the reason already, because its own service gave it; it is not told again.
    package var isKnownToHost: Bool

    package init(
        _ status: PluginStatus, code: String, _ message: String, hint: String? = nil, retry: Bool? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        isKnownToHost = false
    }

    /// What a service returned. The service has told the host why.
    init(service: String, status: arena_status) {
        self.init(PluginStatus(rawValue: status), code: "service.\(service)", "The service \(service) refused.")
        isKnownToHost = true
    }

    /// For a call of something that the library does not have: the host's own mistake.
    static let noKind = Self(.internalError, code: "plugin.no_kind", "There is no such kind or object.")

    /// For text that the host promised to be JSON and that is not.
    static func malformed(_ what: String, _ error: JSONError) -> Self {
        Self(.invalidArgument, code: "plugin.malformed_json", "\(what): \(error.message)")
    }

    /// The object that `arena_call.fail` takes beside the message.
    var detail: JSONValue {
        var members: JSONObject = ["code": .string(code)]
        if let hint { members["hint"] = .string(hint) }
        if let retry { members["retry"] = .bool(retry) }
        return .object(members)
    }
}
