package import ArenaCore
import Glibc

/// A configuration that cannot be used. Names the place and the cure.
package struct ConfigurationError: ArenaError, Hashable {
    package let code: String
    package let category: ErrorCategory
    package let message: String
    package let hint: String?

    init(_ code: String, _ category: ErrorCategory, _ message: String, hint: String? = nil) {
        self.code = "configuration.\(code)"
        self.category = category
        self.message = message
        self.hint = hint
    }

    static let noHome = Self(
        "no_home",
        .failedPrecondition,
        "Neither ARENA_HOME nor HOME says where Arena may keep its files.",
        hint: "Set ARENA_HOME to a directory."
    )

    /// - Parameter category: `invalidArgument` for a value of the command line.
    static func badValue(
        _ key: String, at place: String, rule: String, hint: String?, category: ErrorCategory = .failedPrecondition
    ) -> Self {
        Self("bad_value", category, "\(place): '\(key)' must be \(rule).", hint: hint)
    }

    static func unknownKey(_ key: String, at place: String, known: [String], similar: String?) -> Self {
        Self(
            "unknown_key",
            .failedPrecondition,
            "\(place): there is no setting '\(key)'.",
            hint: similar.map { "Did you mean '\($0)'?" } ?? "Known here are: \(known.joined(separator: ", "))."
        )
    }

    static func syntax(_ place: String, _ reason: String) -> Self {
        Self("syntax", .failedPrecondition, "\(place): \(reason).", hint: "See docs/CONFIGURATION.md for an example.")
    }

    static func tooLarge(_ path: String, limit: ByteCount) -> Self {
        Self("too_large", .failedPrecondition, "\(path) is larger than \(limit).")
    }

    static func notAHome(_ path: String) -> Self {
        Self(
            "not_a_home",
            .failedPrecondition,
            "\(path) holds files, and none of them is Arena's.",
            hint: "Name a folder of Arena's own, or one that is empty or does not exist yet."
        )
    }

    static func cannotMake(_ path: String, errno: Int32) -> Self {
        Self(
            "cannot_make",
            .failedPrecondition,
            "Cannot make \(path): \(String(cString: strerror(errno))).",
            hint: "Set ARENA_HOME to a directory that this user can write."
        )
    }

    static func cannotRead(_ path: String, errno: Int32) -> Self {
        let isDenied = errno == EACCES || errno == EPERM
        return Self(
            "cannot_read", isDenied ? .permissionDenied : .failedPrecondition,
            "Cannot read \(path): \(String(cString: strerror(errno))).",
            hint: isDenied ? "Let this user read it and the folders that it lies in: chmod u+r \(path)" : nil)
    }

    static func writableByOthers(_ path: String, cure: String) -> Self {
        Self(
            "writable_by_others",
            .permissionDenied,
            "Other users can write \(path), and so could run code as you.",
            hint: "Run: \(cure)"
        )
    }

    static func readableByOthers(_ path: String) -> Self {
        Self(
            "readable_by_others",
            .permissionDenied,
            "Other users can read \(path), which holds the operator's token.",
            hint: "Run: rm \(path). The next start makes a new token."
        )
    }

    static func ownedByAnother(_ path: String) -> Self {
        Self(
            "owned_by_another",
            .permissionDenied,
            "\(path) belongs to another user.",
            hint: "Set ARENA_HOME to a directory of your own."
        )
    }

    static func badToken(_ path: String) -> Self {
        Self(
            "bad_token",
            .failedPrecondition,
            "\(path) does not hold a token.",
            hint: "Run: rm \(path). The next start makes a new token."
        )
    }
}
