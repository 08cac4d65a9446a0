import ArenaJSON

extension SchemaValidator {
    // MARK: Arrays

    func applyArray(
        _ keyword: SchemaKeyword, of index: Int, to elements: [JSONValue], _ evaluated: inout Evaluated
    ) -> Bool {
        switch keyword {
        case .itemCount(let bound, let limit):
            return checkCount(elements.count, bound, limit, ("item", "items"), "Items", index)
        case .uniqueItems:
            return checkUnique(elements, of: index)
        case .items(let prefix, let rest):
            return checkItems(elements, prefix, rest, of: index, &evaluated)
        case .contains(let schema, let min, let max):
            return checkContains(elements, schema, min, max, of: index, &evaluated)
        case .unevaluatedItems(let schema):
            return checkUnevaluated(elements.count, schema, "unevaluatedItems", of: index, &evaluated) {
                (elements[$0], .index($0))
            }
        default: return true
        }
    }

    private func checkUnique(_ elements: [JSONValue], of index: Int) -> Bool {
        var seen: [EquivalentValue: Int] = [:]
        for (position, element) in elements.enumerated() {
            guard let first = seen.updateValue(position, forKey: EquivalentValue(value: element)) else { continue }
            report(index, "uniqueItems", "the items \(first) and \(position) are the same")
            return false
        }
        return true
    }

    private func checkItems(
        _ elements: [JSONValue], _ prefix: [Int], _ rest: Int?, of index: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        if let rest, program.nodes[rest].isFalse, elements.count > prefix.count {
            let amount = "\(prefix.count) \(prefix.count == 1 ? "item" : "items")"
            report(index, "items", "expected at most \(amount), found \(elements.count)")
            return false
        }
        var isValid = true
        for (position, element) in elements.enumerated() {
            guard let schema = position < prefix.count ? prefix[position] : rest else { break }
            if evaluate(schema, element, in: .index(position)) == nil { isValid = false }
            if !isValid, stopsAtFirstFailure { return false }
            if program.tracksEvaluation { evaluated.insert(position) }
        }
        return isValid
    }

    private func checkContains(
        _ elements: [JSONValue], _ schema: Int, _ min: Int, _ max: Int?, of index: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        var matches = 0
        for (position, element) in elements.enumerated() {
            guard test(schema, element, in: .index(position)) != nil else { continue }
            matches += 1
            if program.tracksEvaluation { evaluated.insert(position) }
        }
        if matches < min {
            let keyword = matches == 0 ? "contains" : "minContains"
            report(index, keyword, "expected at least \(min) matching \(min == 1 ? "item" : "items"), found \(matches)")
        } else if let max, matches > max {
            report(
                index, "maxContains",
                "expected at most \(max) matching \(max == 1 ? "item" : "items"), found \(matches)")
        } else {
            return true
        }
        return false
    }

    // MARK: Objects

    func applyObject(
        _ keyword: SchemaKeyword, of index: Int, to members: JSONObject, _ evaluated: inout Evaluated
    ) -> Bool {
        switch keyword {
        case .propertyCount(let bound, let limit):
            return checkCount(members.count, bound, limit, ("property", "properties"), "Properties", index)
        case .required(let names):
            return checkRequired(names, members, of: index, "required", because: "")
        case .dependentRequired(let rules): return checkDependentRequired(rules, members, of: index)
        case .propertyNames(let schema): return checkNames(members, schema)
        case .properties(let rules):
            return checkProperties(members, rules, of: index, &evaluated)
        case .unevaluatedProperties(let schema):
            return checkUnevaluated(members.count, schema, "unevaluatedProperties", of: index, &evaluated) {
                (members[$0].value, .key(members[$0].key))
            }
        default: return true
        }
    }

    private func checkDependentRequired(
        _ rules: [(trigger: String, required: [String])], _ members: JSONObject, of index: Int
    ) -> Bool {
        var isValid = true
        for rule in rules where members.contains(rule.trigger) {
            let reason = " with \(Self.shown(.string(rule.trigger)))"
            if !checkRequired(rule.required, members, of: index, "dependentRequired", because: reason) {
                isValid = false
            }
        }
        return isValid
    }

    private func checkNames(_ members: JSONObject, _ schema: Int) -> Bool {
        var isValid = true
        for member in members where evaluate(schema, .string(member.key), in: .name) == nil {
            isValid = false
            if stopsAtFirstFailure { break }
        }
        return isValid
    }

    private func checkRequired(
        _ names: [String], _ members: JSONObject, of index: Int, _ keyword: String, because reason: String
    ) -> Bool {
        var isValid = true
        for name in names where !members.contains(name) {
            isValid = false
            report(index, keyword, "the required property \(Self.shown(.string(name))) is missing\(reason)")
        }
        return isValid
    }

    private func checkProperties(
        _ members: JSONObject, _ rules: PropertyRules, of index: Int, _ evaluated: inout Evaluated
    ) -> Bool {
        var matched = [Bool](repeating: false, count: members.count)
        var isValid = checkNamed(members, rules, &matched)
        if isValid || !stopsAtFirstFailure { isValid = checkPatterns(members, rules, of: index, &matched) && isValid }
        if isValid || !stopsAtFirstFailure { isValid = checkAdditional(members, rules, of: index, &matched) && isValid }
        if program.tracksEvaluation {
            for (position, isMatched) in matched.enumerated() where isMatched { evaluated.insert(position) }
        }
        return isValid
    }

    private func checkNamed(_ members: JSONObject, _ rules: PropertyRules, _ matched: inout [Bool]) -> Bool {
        var isValid = true
        for (name, schema) in rules.named {
            guard let position = members.position(of: name) else { continue }
            matched[position] = true
            if evaluate(schema, members[position].value, in: .key(name)) == nil { isValid = false }
            if !isValid, stopsAtFirstFailure { return false }
        }
        return isValid
    }

    private func checkPatterns(
        _ members: JSONObject, _ rules: PropertyRules, of index: Int, _ matched: inout [Bool]
    ) -> Bool {
        var isValid = true
        for (pattern, schema) in rules.patterns {
            for (position, member) in members.enumerated() {
                guard find(pattern, in: member.key, of: index, keyword: "patternProperties") else { continue }
                matched[position] = true
                if evaluate(schema, member.value, in: .key(member.key)) == nil { isValid = false }
                if !isValid, stopsAtFirstFailure { return false }
            }
        }
        return isValid
    }

    /// Applies `additionalProperties` to what the other two have not matched.
    private func checkAdditional(
        _ members: JSONObject, _ rules: PropertyRules, of index: Int, _ matched: inout [Bool]
    ) -> Bool {
        guard let schema = rules.additional else { return true }
        var isValid = true
        for (position, member) in members.enumerated() where !matched[position] {
            matched[position] = true
            if !checkExtra(member.value, .key(member.key), schema, "additionalProperties", of: index) {
                isValid = false
            }
            if !isValid, stopsAtFirstFailure { return false }
        }
        return isValid
    }

    // MARK: Both

    /// Applies a schema to what is additional or unevaluated; names the property or item if that schema is `false`.
    private func checkExtra(
        _ value: JSONValue, _ token: PathToken, _ schema: Int, _ keyword: String, of index: Int
    ) -> Bool {
        guard program.nodes[schema].isFalse else { return evaluate(schema, value, in: token) != nil }
        switch token {
        case .key(let key): report(index, keyword, "the property \(Self.shown(.string(key))) is not allowed", at: token)
        default: report(index, keyword, "the item is not allowed", at: token)
        }
        return false
    }

    private func checkUnevaluated(
        _ count: Int, _ schema: Int, _ keyword: String, of index: Int, _ evaluated: inout Evaluated,
        part: (Int) -> (value: JSONValue, token: PathToken)
    ) -> Bool {
        var isValid = true
        for position in 0..<count where !evaluated.contains(position) {
            let (value, token) = part(position)
            if !checkExtra(value, token, schema, keyword, of: index) { isValid = false }
            if !isValid, stopsAtFirstFailure { return false }
        }
        evaluated.insertAll()
        return isValid
    }
}
