package import ArenaCore
import Glibc

/// Why a secret cannot be used. Names the secret, never its text.
package struct SecretError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        case unknown(String)
        case badName(String)
        case badReference(String)
        /// The text cannot stand in a header: it is empty, too long or holds a control character.
        case badValue(String)
        case badHost(String)
        case hostRefused(String, host: String)
        case notGranted(String)
        case notInStore(String, variable: String)
        case exposedFile(String)
        case foreignFile(String)
        case badFile(String, why: String)
        case system(String, errno: Int32)
    }

    package let reason: Reason

    package init(_ reason: Reason) { self.reason = reason }

    package var code: String {
        switch reason {
        case .unknown, .notInStore: "secret.unknown"
        case .badName: "secret.bad_name"
        case .badReference: "secret.bad_reference"
        case .badValue: "secret.bad_value"
        case .badHost: "secret.bad_host"
        case .hostRefused: "secret.host_refused"
        case .notGranted: "secret.not_granted"
        case .exposedFile, .foreignFile: "secret.file_exposed"
        case .badFile: "secret.bad_file"
        case .system: "secret.storage_failed"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .unknown, .notInStore: .notFound
        case .badName, .badReference, .badValue, .badHost: .invalidArgument
        case .hostRefused, .notGranted, .exposedFile, .foreignFile: .permissionDenied
        case .badFile, .system: .failedPrecondition
        }
    }

    package var message: String {
        switch reason {
        case .unknown(let name): "There is no secret \(name)."
        case .notInStore(let name, let variable): "The secret \(name) is in the variable \(variable), not in the store."
        case .badName(let name): "\"\(name)\" cannot be the name of a secret."
        case .badReference(let place): "\(place) holds \"${\" without a reference to a secret."
        case .badValue(let name): "The text of the secret \(name) is empty, too long or not on one line."
        case .badHost(let host): "\"\(host)\" is no host."
        case .hostRefused(let name, let host): "The secret \(name) is not for \(host)."
        case .notGranted(let name): "The secret \(name) was not granted to this plugin."
        case .exposedFile(let path): "Other users can read \(path), which holds secrets."
        case .foreignFile(let path): "\(path), which holds secrets, belongs to another user or is a link."
        case .badFile(let path, let why): "\(path) cannot be understood: \(why)."
        case .system(let path, let number): "\(path) cannot be used: \(String(cString: strerror(number)))."
        }
    }

    package var hint: String? {
        switch reason {
        case .unknown(let name): "Set it: arena secret set \(name)"
        case .notInStore(_, let variable): "Unset \(variable) where Arena is started."
        case .badName: "Use 1 to 64 letters, digits and underscores, beginning with a letter: OPENAI_KEY."
        case .badReference: "Write ${secret:NAME}."
        case .badValue: "Give one line of at most 8192 visible characters on standard input."
        case .badHost: "Write name, name:port, or [address]:port, in lower case."
        case .hostRefused(let name, let host): "If it is meant to go there: arena secret set \(name) --host \(host)"
        case .notGranted(let name):
            "Name it in the manifest, in \"secrets\": [\"\(name)\"] of arena.http/1, and grant the plugin anew."
        case .exposedFile(let path): "Run: chmod 600 \(path). Change the secrets, for others may have read them."
        case .foreignFile(let path): "Remove \(path) and set the secrets anew."
        case .badFile: "Remove it and set the secrets anew: arena secret set NAME"
        case .system: "Check the folder and the space left."
        }
    }
}
