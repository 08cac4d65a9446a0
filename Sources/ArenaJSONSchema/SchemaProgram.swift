import ArenaJSON

/// A compiled schema: all subschemas of the document, the root first. They name each other by their index.
struct SchemaProgram: Sendable {
    var nodes: [SchemaNode] = []
    /// The dynamic anchors of each schema resource.
    var dynamicAnchors: [[String: Int]] = []
    /// Whether a keyword needs to know what its siblings evaluated.
    var tracksEvaluation = false
}

/// One subschema.
struct SchemaNode: Sendable {
    /// Its JSON pointer in the document.
    let pointer: String
    /// The index of the schema resource that it belongs to.
    let resource: Int
    /// Whether it is the schema `false`.
    var isFalse = false
    /// In the order of evaluation: what asserts, then what applies subschemas, then `unevaluated*`.
    var keywords: [SchemaKeyword] = []
}

/// One keyword, or keywords that depend on each other. `Int` is the index of a subschema unless a name says otherwise.
enum SchemaKeyword: Sendable {
    // Any value.
    case type(SchemaTypes)
    case constant(JSONValue)
    /// The values in order for messages, and to look one up.
    case enumeration([JSONValue], Set<EquivalentValue>)
    // Numbers.
    case bound(NumberBound, JSONNumber)
    case multipleOf(JSONNumber)
    // Strings. Lengths in Unicode scalars.
    case length(CountBound, Int)
    case pattern(SchemaPattern)
    case format(String)
    // Arrays.
    case itemCount(CountBound, Int)
    case uniqueItems
    case items(prefix: [Int], rest: Int?)
    case contains(Int, min: Int, max: Int?)
    // Objects.
    case propertyCount(CountBound, Int)
    case required([String])
    case dependentRequired([(trigger: String, required: [String])])
    case propertyNames(Int)
    case properties(PropertyRules)
    case dependentSchemas([(trigger: String, schema: Int)])
    // The same value.
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case conditional(test: Int, then: Int?, otherwise: Int?)
    case reference(Int)
    /// `anchor` is the name that the dynamic scope is searched for; `initial` is what is meant if it has none.
    case dynamicReference(anchor: String, initial: Int)
    // What no other keyword has evaluated.
    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
}

/// `properties`, `patternProperties` and `additionalProperties`.
struct PropertyRules: Sendable {
    var named: [(name: String, schema: Int)] = []
    var patterns: [(pattern: SchemaPattern, schema: Int)] = []
    var additional: Int?
}

enum NumberBound: String, CaseIterable, Sendable {
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum
}

/// Which end of a count is bounded.
enum CountBound: Sendable {
    case min, max
}

/// A set of the draft's types.
struct SchemaTypes: OptionSet, Sendable {
    let rawValue: Int

    /// In the order of the bits, with the words for a message.
    static let names = [
        ("null", "null"), ("boolean", "a boolean"), ("integer", "an integer"), ("number", "a number"),
        ("string", "a string"), ("array", "an array"), ("object", "an object"),
    ]

    init(rawValue: Int) { self.rawValue = rawValue }

    init?(name: String) {
        guard let bit = Self.names.firstIndex(where: { $0.0 == name }) else { return nil }
        rawValue = 1 << bit
    }

    /// The types that a value has; a number that is an integer has two.
    init(of value: JSONValue) {
        rawValue =
            switch value {
            case .null: 1
            case .bool: 2
            case .number(let number): number.isInteger ? 12 : 8
            case .string: 16
            case .array: 32
            case .object: 64
            }
    }

    /// `a string`, `null or an integer`.
    var words: String {
        Self.names.enumerated().filter { rawValue & 1 << $0.offset != 0 }.map(\.element.1).joined(separator: " or ")
    }

    /// The most special type of a value, for a message.
    static func word(for value: JSONValue) -> String {
        let types = SchemaTypes(of: value).rawValue
        return names.enumerated().first { types & 1 << $0.offset != 0 }?.element.1 ?? "nothing"
    }
}
