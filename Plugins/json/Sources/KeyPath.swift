import ArenaJSON
import ArenaPluginKit

/// The way to a value inside a document: `user.address.city`, `items.0.name`, `items.*.name`, `/a~1b/0`.
struct KeyPath {
    private enum Step {
        case key(String)
        /// Each element of an array, of which there must be one.
        case each
    }

    /// As it was written.
    let text: String
    private let steps: [Step]

    /// - Throws: `json_keys.bad_path`.
    init(_ text: String) throws(PluginError) {
        self.text = text
        if text.hasPrefix("/") {
            guard let pointer = JSONPointer(text) else { throw Self.bad(text, "a ~ is written ~0, a / is written ~1") }
            steps = pointer.tokens.map(Step.key)
            return
        }
        let tokens = text.split(separator: ".", omittingEmptySubsequences: false)
        guard !tokens.contains(where: \.isEmpty) else { throw Self.bad(text, "a part of it is empty") }
        steps = tokens.map { $0 == "*" ? .each : .key(String($0)) }
    }

    private static func bad(_ text: String, _ why: String) -> PluginError {
        PluginError(
            .invalidArgument, code: "json_keys.bad_path",
            "The key \"\(String(text.unicodeScalars.prefix(100)))\" is no path: \(why).",
            hint: "Write a.b.0, or a JSON pointer such as /a/b/0 for keys with a dot.")
    }

    /// Whether it begins in an array.
    var beginsInArray: Bool {
        switch steps.first {
        case .each: true
        case .key(let key): JSONPointer.index(key) != nil
        case nil: false
        }
    }

    /// Whether there is a value at the end of it.
    func exists(in value: JSONValue, allowsNull: Bool) -> Bool { Self.exists(steps[...], value, allowsNull) }

    private static func exists(_ steps: ArraySlice<Step>, _ value: JSONValue, _ allowsNull: Bool) -> Bool {
        guard let step = steps.first else { return allowsNull || !value.isNull }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.key(let key), .object(let members)):
            return members[key].map { exists(rest, $0, allowsNull) } ?? false
        case (.key(let key), .array(let elements)):
            guard let index = JSONPointer.index(key), index < elements.count else { return false }
            return exists(rest, elements[index], allowsNull)
        case (.each, .array(let elements)):
            return !elements.isEmpty && elements.allSatisfy { exists(rest, $0, allowsNull) }
        default: return false
        }
    }
}
