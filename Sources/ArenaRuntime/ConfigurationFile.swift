import ArenaCore
import ArenaJSON
import ArenaYAML
import Glibc

/// `arena.yaml` as it was read: its values and their places.
struct ConfigurationFile {
    let path: String
    private let document: YAMLDocument?

    /// The whole document; an empty object when there is no file or it is empty.
    var value: JSONValue {
        guard let value = document?.value, !value.isNull else { return [:] }
        return value
    }

    /// A file that is not there is as good as an empty one.
    init(path: String) throws(ConfigurationError) {
        self.path = path
        guard let bytes = try Self.bytes(of: path) else {
            document = nil
            return
        }
        do throws(YAMLError) {
            document = try YAMLDocument(parsing: bytes)
        } catch {
            throw .syntax("\(path):\(error.line):\(error.column)", error.reason)
        }
    }

    /// Where a value stands; the nearest place around it when it has none of its own.
    func place(of pointer: JSONPointer) -> String { source(of: pointer).description }

    /// Where a key stands, for what is wrong with the key itself.
    private func placeOfKey(_ pointer: JSONPointer) -> String {
        guard let (line, column) = document?.positionOfKey(pointer.description) else { return place(of: pointer) }
        return ConfigurationSource.file(path, line: line, column: column).description
    }

    func source(of pointer: JSONPointer) -> ConfigurationSource {
        var tokens = pointer.tokens
        while true {
            if let (line, column) = document?.position(of: JSONPointer(tokens).description) {
                return .file(path, line: line, column: column)
            }
            guard tokens.popLast() != nil else { return .file(path, line: 1, column: 1) }
        }
    }

    /// Refuses a key that does nothing: it is nearly always a misspelled one that was meant to do something.
    func checkKeys() throws(ConfigurationError) {
        guard let root = value.object else {
            throw .syntax("\(path):1:1", "expected 'setting: value' lines")
        }
        try check(root, JSONPointer(), Self.known)
    }

    /// Keys by the pattern of their parent; `*` stands for any element of a list.
    private static let known: [String: [String]] = [
        "": ["host", "port", "server", "plugins", "lanes", "jobs"],
        "server": ["public_url"],
        "plugins": ["directories", "trust", "prefer"],
        "jobs": ["parallel", "gpu", "lease_s", "keep_days", "kinds", "lanes"],
        "lanes.*": ["id", "type", "config", "title", "base_url", "model", "headers", "timeout_ms", "ca_file"],
    ]

    private func check(
        _ object: JSONObject,
        _ pointer: JSONPointer,
        _ known: [String: [String]]
    ) throws(ConfigurationError) {
        let pattern = pointer.tokens.map { Int($0) == nil ? $0 : "*" }.joined(separator: ".")
        guard let keys = known[pattern] else { return }
        for (key, value) in object {
            let inner = pointer.appending(key)
            guard keys.contains(key) else {
                throw .unknownKey(
                    inner.settingName,
                    at: placeOfKey(inner),
                    known: keys,
                    similar: keys.first { Self.isSimilar($0, key) }
                )
            }
            let isSection = known.keys.contains { $0 == inner.tokens.joined(separator: ".") }
            if let members = value.object {
                try check(members, inner, known)
            } else if isSection, !value.isNull {
                throw .badValue(key, at: place(of: inner), rule: "a mapping of settings", hint: nil)
            }
            for (index, element) in (value.array ?? []).enumerated() {
                if let members = element.object { try check(members, inner.appending(index), known) }
            }
        }
    }

    /// Whether at most two letters were left out, added or changed.
    private static func isSimilar(_ a: String, _ b: String) -> Bool {
        let a = Array(a.lowercased().utf8)
        let b = Array(b.lowercased().utf8)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count] <= 2
    }

    /// The bytes of the file; `nil` when there is none. Who can write it decides which plugins are trusted.
    private static func bytes(of path: String) throws(ConfigurationError) -> [UInt8]? {
        guard let file = try SmallFile(opening: path) else { return nil }
        if file.mode & 0o002 != 0 { throw .writableByOthers(path, cure: "chmod o-w \(path)") }
        return try file.read(limit: .mebibytes(1))
    }
}
