extension JSONValue {
    /// An integer of any width.
    package init(_ value: some BinaryInteger) { self = .number(JSONNumber(value)) }

    /// A number in its shortest text that reads back the same; infinities and NaN, which JSON lacks, become `null`.
    package init(_ value: Double) { self = JSONNumber(value).map(JSONValue.number) ?? .null }

    package init(_ value: Bool) { self = .bool(value) }
    package init(_ text: String) { self = .string(text) }
    package init(_ elements: [JSONValue]) { self = .array(elements) }
    package init(_ members: JSONObject) { self = .object(members) }
}

/// `nil` is `null` where a `JSONValue` is wanted. Where an optional one is, as in `object["key"] = nil`, it is no value:
/// write `.null` there.
extension JSONValue: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(JSONNumber(integerLiteral: value)) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    package init(floatLiteral value: Double) { self = .number(JSONNumber(floatLiteral: value)) }
}

extension JSONValue: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object with these members in this order; of members with the same key the last one's value stays.
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
