package import ArenaCore
import ArenaJSON
import CArenaPlugin
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Remembers verdicts by (plugin hash, host ABI, probe version), so that a start with known plugins probes none.
///
/// Good verdicts last; bad ones expire after an hour. The file is a cache: when it cannot be read, nothing is known.
package final class ProbeCache: Sendable {
    private struct Entry {
        let verdict: ProbeVerdict
        let expires: Timestamp?
    }

    private let home: String
    private static let name = "probes.json"
    private let clock: any WallClock
    private let entries: Mutex<[String: Entry]>
    package static let failureLife: Duration = .seconds(3600)

    /// Blocking: reads the file `probes.json`.
    ///
    /// - Parameter home: `ARENA_HOME`.
    package init(home: String, clock: any WallClock = SystemClock()) {
        self.home = home
        self.clock = clock
        entries = Mutex(Self.read(home + "/" + Self.name))
    }

    package func verdict(of sha256: String) -> ProbeVerdict? {
        let now = clock.now()
        return entries.withLock { entries in
            guard let entry = entries[Self.key(sha256)] else { return nil }
            if let expires = entry.expires, expires <= now { return nil }
            return entry.verdict
        }
    }

    /// Blocking.
    package func remember(_ verdict: ProbeVerdict, of sha256: String) {
        let expires: Timestamp? = if case .broken = verdict { clock.now() + Self.failureLife } else { nil }
        save { $0[Self.key(sha256)] = Entry(verdict: verdict, expires: expires) }
    }

    /// So that the next look probes anew. Blocking.
    package func forget(_ sha256: String) {
        save { $0[Self.key(sha256)] = nil }
    }

    private static func key(_ sha256: String) -> String {
        "\(sha256):abi\(ARENA_ABI_MAJOR).\(ARENA_ABI_MINOR):probe\(PluginProbe.version)"
    }

    private func save(_ change: (inout [String: Entry]) -> Void) {
        entries.withLock { entries in
            change(&entries)
            let members = entries.sorted { $0.key < $1.key }.map { ($0.key, Self.json($0.value)) }
            // A cache that cannot be written costs a probe at the next start, nothing else.
            if let folder = try? FileDescriptor.directory(home) {
                try? AtomicFile.replace(
                    Self.name, in: folder, with: JSONValue.object(JSONObject(members)).bytes(.pretty))
            }
        }
    }

    private static func json(_ entry: Entry) -> JSONValue {
        let expires = entry.expires.map { JSONValue(Int($0.unixMilliseconds)) } ?? .null
        switch entry.verdict {
        case .ready(let sandbox, let warnings):
            let missing: [String] = if case .partial(let parts) = sandbox { parts } else { [] }
            return [
                "ready": true, "missing_fences": .array(missing.map(JSONValue.string)),
                "warnings": .array(warnings.map(JSONValue.string)), "expires_ms": expires,
            ]
        case .broken(let failure):
            return [
                "ready": false, "code": .string(failure.code), "category": .string(failure.category.rawValue),
                "message": .string(failure.message), "hint": failure.hint.map(JSONValue.string) ?? .null,
                "expires_ms": expires,
            ]
        }
    }

    private static func read(_ path: String) -> [String: Entry] {
        guard let file = try? FileDescriptor.open(path), let bytes = try? file.contents(limit: 16 << 20),
            let members = try? JSONValue(parsing: bytes).object
        else { return [:] }
        var entries: [String: Entry] = [:]
        for (key, json) in members { entries[key] = entry(json) }
        return entries
    }

    private static func entry(_ json: JSONValue) -> Entry? {
        let expires = json["expires_ms"]?.int.map { Timestamp(unixMilliseconds: Int64($0)) }
        if json["ready"]?.bool == true {
            let missing = json["missing_fences"]?.array?.compactMap(\.string) ?? []
            let warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
            return Entry(
                verdict: .ready(missing.isEmpty ? .full : .partial(missing), warnings: warnings), expires: expires)
        }
        guard let code = json["code"]?.string, let message = json["message"]?.string else { return nil }
        let category = json["category"]?.string.flatMap(ErrorCategory.init(rawValue:)) ?? .internalError
        let failure = Failure(code: code, category: category, message: message, hint: json["hint"]?.string)
        return Entry(verdict: .broken(failure), expires: expires)
    }
}
