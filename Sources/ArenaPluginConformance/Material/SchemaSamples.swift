import ArenaJSON
import ArenaJSONSchema

/// Makes values from a JSON Schema: those that follow it, and those that just do not.
struct SchemaSamples {
    private let schema: JSONValue
    private let validator: JSONSchema?
    private var lots: SplitMix

    init(_ schema: JSONValue?, seed: UInt64) {
        self.schema = schema ?? ["type": "object"]
        validator = schema.flatMap { try? JSONSchema($0) }
        lots = SplitMix(seed: seed)
    }

    func isValid(_ value: JSONValue) -> Bool { value.object != nil && (validator?.isValid(value) ?? true) }

    /// Values that follow the schema, the smallest first; empty for a schema that this does not see through.
    func valid(count: Int) -> [JSONValue] {
        var maker = self
        var values: [JSONValue] = []
        for round in 0..<count * 4 where values.count < count {
            let value = round == 0 ? maker.value(schema, .least, 0) : maker.value(schema, .any, 0)
            if isValid(value), !values.contains(value) { values.append(value) }
        }
        if values.isEmpty, isValid([:]) { values.append([:]) }
        return values
    }

    /// Numbers as large as the schema allows: long work.
    func longest() -> JSONValue? {
        var maker = self
        let value = maker.value(schema, .most, 0)
        return isValid(value) ? value : nil
    }

    /// Values that do not follow the schema.
    func invalid(count: Int) -> [JSONValue] {
        var maker = self
        var values: [JSONValue] = []
        for _ in 0..<count * 8 where values.count < count {
            let value = maker.mutated(maker.value(schema, .any, 0))
            if value.object != nil, !isValid(value), !values.contains(value) { values.append(value) }
        }
        return values
    }

    enum Size: Sendable { case least, any, most }

    private mutating func value(_ schema: JSONValue, _ size: Size, _ depth: Int) -> JSONValue {
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, !choices.isEmpty { return choices[lots.below(choices.count)] }
        for key in ["anyOf", "oneOf"] {
            if let choices = schema[key]?.array, !choices.isEmpty {
                return value(choices[size == .least ? 0 : lots.below(choices.count)], size, depth + 1)
            }
        }
        if size == .any, let standard = schema["default"], lots.below(3) == 0 { return standard }
        let type = schema["type"]?.string ?? schema["type"]?.array?.first?.string
        switch type ?? (schema["properties"] == nil ? (depth == 0 ? "object" : "string") : "object") {
        case "object": return object(schema, size, depth)
        case "array":
            let least = schema["minItems"]?.int ?? 0
            let count = size == .least || depth > 4 ? least : least + lots.below(3)
            let items = schema["items"] ?? [:]
            return .array((0..<count).map { _ in value(items, size, depth + 1) })
        case "boolean": return .bool(lots.below(2) == 0)
        case "null": return .null
        case "integer": return number(schema, size, isInteger: true)
        case "number": return number(schema, size, isInteger: false)
        default: return .string(text(schema, size))
        }
    }

    private mutating func object(_ schema: JSONValue, _ size: Size, _ depth: Int) -> JSONValue {
        var members = JSONObject()
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        for (name, property) in schema["properties"]?.object ?? [:] {
            guard required.contains(name) || (size != .least && depth < 5 && lots.below(2) == 0) || size == .most
            else { continue }
            members[name] = value(property, size, depth + 1)
        }
        return .object(members)
    }

    private mutating func number(_ schema: JSONValue, _ size: Size, isInteger: Bool) -> JSONValue {
        let step = isInteger ? 1.0 : 1e-3
        let low = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double.map { $0 + step } ?? 0
        let high = schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double.map { $0 - step } ?? low + 1e6
        let value: Double =
            switch size {
            case .least: low
            case .most: high
            // Small ones: a large one may mean a day of work.
            case .any: min(high, low + Double(lots.below(5)) * (isInteger ? 1 : min(0.01, (high - low) / 4)))
            }
        return isInteger ? JSONValue(Int(max(-9e15, min(9e15, value.rounded())))) : JSONValue(value)
    }

    private mutating func text(_ schema: JSONValue, _ size: Size) -> String {
        let least = schema["minLength"]?.int ?? 0
        let most = min(schema["maxLength"]?.int ?? 64, 64)
        let base = size == .least ? "a" : lots.text(upTo: 24)
        var scalars = Array(base.unicodeScalars.prefix(max(most, 0)))
        while scalars.count < least { scalars.append("a") }
        if size == .least { scalars = Array(scalars.prefix(max(least, 0))) }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The value with one thing changed.
    mutating func mutated(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            let names = members.map(\.key)
            var changed = JSONObject()
            let victim = names.isEmpty ? nil : names[lots.below(names.count)]
            let act = lots.below(4)
            for (name, member) in members {
                guard name == victim else {
                    changed[name] = member
                    continue
                }
                if act == 0 { continue }
                changed[name] = act == 1 ? lots.strange() : mutated(member)
            }
            if act == 3 || names.isEmpty { changed[lots.text(upTo: 12)] = lots.strange() }
            return .object(changed)
        case .array(let elements):
            guard !elements.isEmpty else { return [lots.strange()] }
            var changed = elements
            let index = lots.below(elements.count)
            changed[index] = lots.below(2) == 0 ? lots.strange() : mutated(elements[index])
            return .array(changed)
        case .string(let text): return lots.below(2) == 0 ? .string(text + lots.text(upTo: 40)) : lots.strange()
        default: return lots.strange()
        }
    }
}
