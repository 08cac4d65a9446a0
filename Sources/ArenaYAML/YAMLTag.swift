import ArenaCore
import ArenaJSON

/// The tags of the core schema.
enum YAMLTag {
    static let sequence = prefix + "seq"
    static let mapping = prefix + "map"
    private static let prefix = "tag:yaml.org,2002:"

    /// The value of a scalar with or without a tag.
    static func resolve(
        _ text: String, isPlain: Bool, tag: String?, at place: TextPlace
    ) throws(YAMLError) -> JSONValue {
        guard let tag else { return isPlain ? try resolve(plain: text, at: place) : .string(text) }
        guard tag != "!", tag != prefix + "str" else { return .string(text) }
        guard ["null", "bool", "int", "float"].contains(where: { tag == prefix + $0 }) else {
            throw foreign(tag, at: place)
        }
        let value = try resolve(plain: text, at: place)
        let fits =
            switch value {
            case .null: tag == prefix + "null"
            case .bool: tag == prefix + "bool"
            case .number(let number): tag == prefix + "float" || (tag == prefix + "int" && number.int != nil)
            default: false
            }
        guard fits else {
            throw YAMLError(.syntax, "\(YAMLText.quoted(text)) is no value of the tag \(shown(tag))", at: place)
        }
        return value
    }

    static func foreign(_ tag: String, at place: TextPlace) -> YAMLError {
        YAMLError(.unsupported, "the tag \(shown(tag)) is not part of the core schema", at: place)
    }

    private static func resolve(plain text: String, at place: TextPlace) throws(YAMLError) -> JSONValue {
        switch YAMLScalar(plain: text) {
        case .value(.number(let number)) where number.text.utf8.count > JSONLimits().maxNumberBytes:
            throw YAMLError(.tooLarge, "the number has more than \(JSONLimits().maxNumberBytes) bytes", at: place)
        case .value(let value):
            return value
        case .withoutJSONForm:
            throw YAMLError(
                .unsupported, "\(YAMLText.quoted(text)) has no JSON form; quote it if text is meant", at: place)
        }
    }

    private static func shown(_ tag: String) -> String {
        YAMLText.quoted(tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag)
    }
}

/// Text of the document within a message.
enum YAMLText {
    /// Text in backticks, cut after 64 scalars, control characters replaced.
    static func quoted(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(64) {
            shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return "`\(String(shown))\(text.unicodeScalars.count > 64 ? "…" : "")`"
    }
}
