import ArenaCore
import ArenaJSON

extension PluginLock {
    /// The text of the file: stable order, two spaces, so that it can be kept under version control.
    var fileText: [UInt8] {
        let document: JSONValue = [
            "version": 1,
            "plugins": .array(grants.map(\.json)),
            "disabled": .array(disabled.map { ["id": .string($0.id), "since": .string($0.since)] }),
        ]
        return document.bytes(.pretty) + Array("\n".utf8)
    }

    /// - Throws: `plugin.lock_invalid`, naming the file and the place.
    init(fileText bytes: [UInt8], path: String) throws(PluginError) {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: bytes) } catch {
            throw Self.invalid(path, "line \(error.line), column \(error.column): \(error.reason)")
        }
        guard let version = document["version"]?.int else { throw Self.invalid(path, "`version` is missing") }
        guard version == 1 else {
            throw Self.invalid(path, "it has version \(version); this Arena writes version 1")
        }
        self.init()
        for (index, value) in try Self.list("plugins", of: document, path).enumerated() {
            guard let grant = Grant(json: value), self.grant(of: grant.id) == nil else {
                throw Self.invalid(path, "the entry /plugins/\(index) is incomplete or appears twice")
            }
            insert(grant)
        }
        for (index, value) in try Self.list("disabled", of: document, path).enumerated() {
            guard let id = value["id"]?.string, let since = value["since"]?.string, !isDisabled(id) else {
                throw Self.invalid(path, "the entry /disabled/\(index) is incomplete or appears twice")
            }
            insert(DisabledPlugin(id: id, since: since))
        }
    }

    /// A list that may be missing, and may be nothing else.
    private static func list(
        _ key: String, of document: JSONValue, _ path: String
    ) throws(PluginError) -> [JSONValue] {
        guard let value = document[key] else { return [] }
        guard let list = value.array else { throw invalid(path, "`\(key)` is no list") }
        return list
    }

    static func invalid(_ path: String, _ what: String) -> PluginError {
        PluginError(
            .lockInvalid, "\(path) cannot be understood: \(what). Until it can, no plugin is granted.",
            hint: "Restore it from a backup, or move it away and grant your plugins again.")
    }
}

extension Grant {
    fileprivate var json: JSONValue {
        [
            "id": .string(id),
            "version": .string(version),
            "sha256": .string(hash),
            "capabilities": .array(asks.capabilities.map(JSONValue.string)),
            "services": .array(asks.services.map(JSONValue.string)),
            "isolation": .string(isolation.rawValue),
            "granted_at": .string(grantedAt),
        ]
    }

    fileprivate init?(json: JSONValue) {
        func texts(_ key: String) -> [String]? {
            guard let values = json[key]?.array else { return nil }
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        }
        guard let id = json["id"]?.string, Identifier.isName(id), let version = json["version"]?.string,
            let hash = json["sha256"]?.string, ContentHash.isWellFormed(hash),
            let capabilities = texts("capabilities"), let services = texts("services"),
            let isolation = json["isolation"]?.string.flatMap(Isolation.init(rawValue:)),
            let grantedAt = json["granted_at"]?.string
        else { return nil }
        self.init(
            id: id, version: version, hash: hash,
            asks: PluginAsks(capabilities: capabilities, services: services),
            isolation: isolation, grantedAt: grantedAt)
    }
}
