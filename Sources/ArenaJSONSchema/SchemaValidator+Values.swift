import ArenaJSON

extension SchemaValidator {
    /// Applies one keyword; whether the value follows it.
    func apply(
        _ keyword: SchemaKeyword, of index: Int, to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        switch keyword {
        case .type, .constant, .enumeration: return applyAnyValue(keyword, of: index, to: value)
        case .bound, .multipleOf:
            guard case .number(let number) = value else { return true }
            return applyNumber(keyword, of: index, to: number)
        case .length, .pattern, .format:
            guard case .string(let text) = value else { return true }
            return applyString(keyword, of: index, to: text)
        case .itemCount, .uniqueItems, .items, .contains, .unevaluatedItems:
            guard case .array(let elements) = value else { return true }
            return applyArray(keyword, of: index, to: elements, &evaluated)
        case .propertyCount, .required, .dependentRequired, .propertyNames, .properties, .unevaluatedProperties:
            guard case .object(let members) = value else { return true }
            return applyObject(keyword, of: index, to: members, &evaluated)
        default:
            return applyInPlace(keyword, of: index, to: value, &evaluated)
        }
    }

    private func applyAnyValue(_ keyword: SchemaKeyword, of index: Int, to value: JSONValue) -> Bool {
        switch keyword {
        case .type(let types):
            guard types.isDisjoint(with: SchemaTypes(of: value)) else { return true }
            report(index, "type", "expected \(types.words), found \(SchemaTypes.word(for: value))")
        case .constant(let expected):
            guard !value.isEquivalent(to: expected) else { return true }
            report(index, "const", "expected \(Self.shown(expected))")
        case .enumeration(let expected, let allowed):
            guard !allowed.contains(EquivalentValue(value: value)) else { return true }
            let choices = expected.prefix(12).map(Self.shown).joined(separator: ", ")
            report(index, "enum", "expected one of \(choices)\(expected.count > 12 ? ", …" : "")")
        default: return true
        }
        return false
    }

    private func applyNumber(_ keyword: SchemaKeyword, of index: Int, to number: JSONNumber) -> Bool {
        switch keyword {
        case .bound(let bound, let limit):
            let (holds, words) =
                switch bound {
                case .minimum: (!number.isLess(than: limit), "at least")
                case .maximum: (!limit.isLess(than: number), "at most")
                case .exclusiveMinimum: (limit.isLess(than: number), "more than")
                case .exclusiveMaximum: (number.isLess(than: limit), "less than")
                }
            if !holds { report(index, bound.rawValue, "the number must be \(words) \(limit.text)") }
            return holds
        case .multipleOf(let divisor):
            guard !number.isMultiple(of: divisor) else { return true }
            report(index, "multipleOf", "the number must be a multiple of \(divisor.text)")
            return false
        default: return true
        }
    }

    private func applyString(_ keyword: SchemaKeyword, of index: Int, to text: String) -> Bool {
        switch keyword {
        case .length(let bound, let limit):
            return checkCount(text.unicodeScalars.count, bound, limit, ("character", "characters"), "Length", index)
        case .pattern(let pattern):
            guard find(pattern, in: text, of: index, keyword: "pattern") == false else { return true }
            report(index, "pattern", "the text must match the pattern \(Self.shown(.string(pattern.text)))")
            return false
        case .format(let name):
            guard options.assertsFormat, !SchemaFormat.accepts(text, as: name) else { return true }
            report(index, "format", "the text must have the format \(name)")
            return false
        default: return true
        }
    }

    /// Whether a pattern is found. A limit ends the whole validation and counts as found.
    func find(_ pattern: SchemaPattern, in text: String, of index: Int, keyword: String) -> Bool {
        switch search(pattern, in: text) {
        case .match: return true
        case .noMatch: return false
        case .undecided:
            end(index, "matching the pattern \(Self.shown(.string(pattern.text))) takes too long", keyword)
            return true
        }
    }

    /// Checks `minLength` and its like.
    func checkCount(
        _ count: Int, _ bound: CountBound, _ limit: Int, _ unit: (one: String, many: String), _ name: String,
        _ index: Int
    ) -> Bool {
        let holds = bound == .min ? count >= limit : count <= limit
        let amount = "\(limit) \(limit == 1 ? unit.one : unit.many)"
        if bound == .min, !holds { report(index, "min\(name)", "expected at least \(amount), found \(count)") }
        if bound == .max, !holds { report(index, "max\(name)", "expected at most \(amount), found \(count)") }
        return holds
    }

    /// A value of the schema as JSON text, cut after 80 scalars.
    static func shown(_ value: JSONValue) -> String {
        let text = value.text().unicodeScalars
        return text.count > 80 ? String(text.prefix(80)) + "…" : String(text)
    }
}
