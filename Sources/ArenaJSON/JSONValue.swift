/// A JSON value (RFC 8259). Numbers keep their text, objects keep the order of their members.
///
/// `==` and `hash(into:)` compare strings and keys by Unicode scalars, never by canonical equivalence, and ignore the
/// order of members. Numbers compare by their digits, so `1` and `1.0` differ; ``isEquivalent(to:)`` compares by value.
/// Two values are `==` exactly when their ``JSONStyle/sorted`` texts are the same bytes.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// The text of a string; `nil` for any other kind.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a number that is an integer and fits, however it is written (`3`, `3.0`, `3e0`); else `nil`.
    package var int: Int? {
        if case .number(let number) = self { number.int } else { nil }
    }

    /// The nearest `Double` of a number; `nil` for any other kind and for a number beyond the range of `Double`.
    package var double: Double? {
        guard case .number(let number) = self else { return nil }
        let value = number.double
        return value.isFinite ? value : nil
    }

    /// The value of `true` or `false`; `nil` for any other kind.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; `nil` for any other kind.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object; `nil` for any other kind.
    package var object: JSONObject? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Whether this is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The member of an object; `nil` if there is none, or if this is not an object.
    package subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element of an array; `nil` outside of its bounds, or if this is not an array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

extension JSONValue: Hashable {
    package static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null:
            hasher.combine(0)
        case .bool(let value):
            hasher.combine(1)
            hasher.combine(value)
        case .number(let number):
            hasher.combine(2)
            hasher.combine(number)
        case .string(let text):
            hasher.combine(3)
            text.hashScalars(into: &hasher)
        case .array(let elements):
            hasher.combine(4)
            hasher.combine(elements)
        case .object(let members):
            hasher.combine(5)
            hasher.combine(members)
        }
    }

    /// Whether both are the same value as JSON Schema defines it: like `==`, but numbers are compared by their
    /// mathematical value, at any depth, so that `1`, `1.0` and `10e-1` are the same.
    package func isEquivalent(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let a), .number(let b)):
            return a.isNumericallyEqual(to: b)
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.isEquivalent(to: $1) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { key, value in b[key].map { value.isEquivalent(to: $0) } ?? false }
        default:
            return self == other
        }
    }
}

extension String {
    /// Whether both are the same sequence of Unicode scalars. `==` alone also holds for canonically equivalent text.
    func hasSameScalars(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { a in
            other.utf8.withContiguousStorageIfAvailable { b in
                UnsafeRawBufferPointer(a).hasSameBytes(as: UnsafeRawBufferPointer(b))
            }
        }
        return isSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
    }

    /// The hash that goes with ``hasSameScalars(as:)``.
    func hashScalars(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xFF))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes; both are equally long.
    fileprivate func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position + 8 <= count {
            let word = loadUnaligned(fromByteOffset: position, as: UInt64.self)
            guard word == other.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
            position += 8
        }
        while position < count {
            guard self[position] == other[position] else { return false }
            position += 1
        }
        return true
    }
}
