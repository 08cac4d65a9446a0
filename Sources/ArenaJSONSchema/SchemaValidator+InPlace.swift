import ArenaJSON

extension SchemaValidator {
    /// Whether further failures of the same keyword are of no interest.
    var stopsAtFirstFailure: Bool { isSilent || fault != nil || isFull }

    /// Applies a keyword whose subschemas see the same value.
    ///
    /// One function a keyword, here and below: a debug build's stack frame holds the variables of all branches.
    func applyInPlace(
        _ keyword: SchemaKeyword, of index: Int, to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        switch keyword {
        case .allOf(let schemas): return applyAllOf(schemas, to: value, &evaluated)
        case .anyOf(let schemas): return applyAnyOf(schemas, of: index, to: value, &evaluated)
        case .oneOf(let schemas): return applyOneOf(schemas, of: index, to: value, &evaluated)
        case .not(let schema): return applyNot(schema, of: index, to: value)
        case .conditional(let test, let then, let otherwise):
            return applyConditional(test, then, otherwise, to: value, &evaluated)
        case .dependentSchemas(let rules): return applyDependentSchemas(rules, to: value, &evaluated)
        case .reference(let target):
            return merge(follow(target, from: index, keyword: "$ref", value), &evaluated)
        case .dynamicReference(let anchor, let initial):
            let target = dynamicTarget(of: anchor) ?? initial
            return merge(follow(target, from: index, keyword: "$dynamicRef", value), &evaluated)
        default: return true
        }
    }

    /// The subschema that the outermost resource of the dynamic scope gives to an anchor.
    private func dynamicTarget(of anchor: String) -> Int? {
        for resource in scope {
            if let target = program.dynamicAnchors[resource][anchor] { return target }
        }
        return nil
    }

    private func applyAllOf(_ schemas: [Int], to value: JSONValue, _ evaluated: inout Evaluated) -> Bool {
        var isValid = true
        for schema in schemas {
            if !merge(evaluate(schema, value), &evaluated) { isValid = false }
            if !isValid, stopsAtFirstFailure { return false }
        }
        return isValid
    }

    private func applyNot(_ schema: Int, of index: Int, to value: JSONValue) -> Bool {
        guard test(schema, value) != nil else { return fault == nil }
        report(index, "not", "the value follows a schema that it must not follow")
        return false
    }

    private func applyConditional(
        _ condition: Int, _ then: Int?, _ otherwise: Int?, to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        let next = merge(test(condition, value), &evaluated) ? then : otherwise
        guard let next else { return fault == nil }
        return merge(evaluate(next, value), &evaluated)
    }

    private func applyDependentSchemas(
        _ rules: [(trigger: String, schema: Int)], to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        guard case .object(let members) = value else { return true }
        var isValid = true
        for rule in rules where members.contains(rule.trigger) {
            if !merge(evaluate(rule.schema, value), &evaluated) { isValid = false }
            if !isValid, stopsAtFirstFailure { return false }
        }
        return isValid
    }

    private func applyAnyOf(
        _ schemas: [Int], of index: Int, to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        var isValid = false
        for schema in schemas {
            if merge(test(schema, value), &evaluated) { isValid = true }
            // What the others evaluate counts too, if anyone asks.
            if isValid, !program.tracksEvaluation { break }
        }
        if !isValid { report(index, "anyOf", "the value follows none of the \(schemas.count) allowed schemas") }
        return isValid
    }

    private func applyOneOf(
        _ schemas: [Int], of index: Int, to value: JSONValue, _ evaluated: inout Evaluated
    ) -> Bool {
        var matches = 0
        for schema in schemas where merge(test(schema, value), &evaluated) { matches += 1 }
        if matches == 0 {
            report(index, "oneOf", "the value follows none of the \(schemas.count) allowed schemas")
        } else if matches > 1 {
            report(index, "oneOf", "the value follows \(matches) of the schemas, expected exactly 1")
        }
        return matches == 1
    }

    /// Adds what a subschema evaluated; whether the value follows it.
    private func merge(_ outcome: Evaluated?, _ evaluated: inout Evaluated) -> Bool {
        guard let outcome else { return false }
        if program.tracksEvaluation { evaluated.merge(outcome) }
        return true
    }
}
