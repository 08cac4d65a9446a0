import ArenaJSON

/// Reads the required members of a JSON object, with errors that name them.
struct Members {
    private let json: JSONValue
    private let name: String

    init(_ json: JSONValue, of name: String) {
        self.json = json
        self.name = name
    }

    func value(_ key: String) throws(WireError) -> JSONValue {
        guard let value = json[key] else { throw WireError(.document("`\(key)` is missing in `\(name)`.")) }
        return value
    }

    func text(_ key: String) throws(WireError) -> String {
        guard let text = try value(key).string else { throw WireError(.document("`\(key)` is not a string.")) }
        return text
    }

    func texts(_ key: String) throws(WireError) -> [String] {
        guard let elements = try value(key).array else { throw WireError(.document("`\(key)` is not an array.")) }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw WireError(.document("`\(key)` holds more than strings.")) }
        return texts
    }

    func bool(_ key: String) throws(WireError) -> Bool {
        guard let bool = try value(key).bool else { throw WireError(.document("`\(key)` is not true or false.")) }
        return bool
    }

    func integer<T: FixedWidthInteger>(_ key: String, _ type: T.Type = T.self) throws(WireError) -> T {
        guard case .number(let number) = try value(key), let integer = T(number.text) else {
            throw WireError(.document("`\(key)` is not an integer in range."))
        }
        return integer
    }
}
