import ArenaJSON

/// Reads the keywords of one subschema, but for identifiers and references, in the order in which they are evaluated.
struct SchemaKeywordReader {
    let keywords: JSONObject
    let pointer: JSONPointer
    let resource: Int
    /// The compiler, which subschemas are added to.
    let compiler: SchemaCompiler
    private var compiled: [SchemaKeyword] = []

    init(keywords: JSONObject, pointer: JSONPointer, resource: Int, compiler: SchemaCompiler) {
        self.keywords = keywords
        self.pointer = pointer
        self.resource = resource
        self.compiler = compiler
    }

    mutating func read() throws(JSONSchemaError) -> [SchemaKeyword] {
        for container in ["$defs", "definitions"] { _ = try subschemasByName(container) }
        try readAnyValue()
        try readNumber()
        try readString()
        try readArray()
        try readObject()
        try readInPlace()
        try readUnevaluated()
        return compiled
    }

    // MARK: Groups

    private mutating func readAnyValue() throws(JSONSchemaError) {
        if let type = keywords["type"] {
            let names = type.array ?? [type]
            var types: SchemaTypes = []
            for name in names {
                guard let known = name.string.flatMap({ SchemaTypes(name: $0) }) else {
                    throw invalid("type", "this is no type of JSON Schema")
                }
                types.insert(known)
            }
            guard !types.isEmpty else { throw invalid("type", "the list of types is empty") }
            compiled.append(.type(types))
        }
        if let values = try array("enum") {
            compiled.append(.enumeration(values, Set(values.map { EquivalentValue(value: $0) })))
        }
        if let value = keywords["const"] { compiled.append(.constant(value)) }
    }

    private mutating func readNumber() throws(JSONSchemaError) {
        for bound in NumberBound.allCases {
            if let number = try number(bound.rawValue) { compiled.append(.bound(bound, number)) }
        }
        if let divisor = try number("multipleOf") {
            guard JSONNumber(0).isLess(than: divisor) else { throw invalid("multipleOf", "it must be more than 0") }
            compiled.append(.multipleOf(divisor))
        }
    }

    private mutating func readString() throws(JSONSchemaError) {
        if let count = try count("minLength") { compiled.append(.length(.min, count)) }
        if let count = try count("maxLength") { compiled.append(.length(.max, count)) }
        if let pattern = try string("pattern") {
            compiled.append(.pattern(try self.pattern(pattern, pointer.appending("pattern"))))
        }
        if let format = try string("format") { compiled.append(.format(format)) }
    }

    private mutating func readArray() throws(JSONSchemaError) {
        if let count = try count("minItems") { compiled.append(.itemCount(.min, count)) }
        if let count = try count("maxItems") { compiled.append(.itemCount(.max, count)) }
        if try bool("uniqueItems") == true { compiled.append(.uniqueItems) }
        let prefix = try subschemas("prefixItems") ?? []
        let rest = try subschema("items")
        if !prefix.isEmpty || rest != nil { compiled.append(.items(prefix: prefix, rest: rest)) }
        let (min, max) = (try count("minContains"), try count("maxContains"))
        if let schema = try subschema("contains") { compiled.append(.contains(schema, min: min ?? 1, max: max)) }
    }

    private mutating func readObject() throws(JSONSchemaError) {
        if let count = try count("minProperties") { compiled.append(.propertyCount(.min, count)) }
        if let count = try count("maxProperties") { compiled.append(.propertyCount(.max, count)) }
        if let value = keywords["required"] {
            compiled.append(.required(try names(value, pointer.appending("required"))))
        }
        if let rules = try object("dependentRequired") {
            let place = pointer.appending("dependentRequired")
            var required: [(trigger: String, required: [String])] = []
            for (trigger, value) in rules { required.append((trigger, try names(value, place.appending(trigger)))) }
            compiled.append(.dependentRequired(required))
        }
        if let schema = try subschema("propertyNames") { compiled.append(.propertyNames(schema)) }
        var rules = PropertyRules()
        rules.named = try subschemasByName("properties").map { ($0.name, $0.schema) }
        for (text, schema) in try subschemasByName("patternProperties") {
            let place = pointer.appending("patternProperties").appending(text)
            rules.patterns.append((try pattern(text, place), schema))
        }
        rules.additional = try subschema("additionalProperties")
        if !rules.named.isEmpty || !rules.patterns.isEmpty || rules.additional != nil {
            compiled.append(.properties(rules))
        }
        let dependent = try subschemasByName("dependentSchemas")
        if !dependent.isEmpty { compiled.append(.dependentSchemas(dependent.map { ($0.name, $0.schema) })) }
    }

    private mutating func readInPlace() throws(JSONSchemaError) {
        if let schemas = try subschemas("allOf") { compiled.append(.allOf(schemas)) }
        if let schemas = try subschemas("anyOf") { compiled.append(.anyOf(schemas)) }
        if let schemas = try subschemas("oneOf") { compiled.append(.oneOf(schemas)) }
        if let schema = try subschema("not") { compiled.append(.not(schema)) }
        let (then, otherwise) = (try subschema("then"), try subschema("else"))
        if let test = try subschema("if") {
            compiled.append(.conditional(test: test, then: then, otherwise: otherwise))
        }
    }

    private mutating func readUnevaluated() throws(JSONSchemaError) {
        if let schema = try subschema("unevaluatedItems") { compiled.append(.unevaluatedItems(schema)) }
        if let schema = try subschema("unevaluatedProperties") { compiled.append(.unevaluatedProperties(schema)) }
        if compiled.last?.isUnevaluated == true { compiler.program.tracksEvaluation = true }
    }

    // MARK: Subschemas

    private mutating func subschema(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let schema = keywords[keyword] else { return nil }
        return try compiler.add(schema, at: pointer.appending(keyword), resource: resource)
    }

    private mutating func subschemas(_ keyword: String) throws(JSONSchemaError) -> [Int]? {
        guard let schemas = try array(keyword) else { return nil }
        guard !schemas.isEmpty else { throw invalid(keyword, "the list of schemas is empty") }
        var nodes: [Int] = []
        for (index, schema) in schemas.enumerated() {
            let place = pointer.appending(keyword).appending(index)
            nodes.append(try compiler.add(schema, at: place, resource: resource))
        }
        return nodes
    }

    private mutating func subschemasByName(
        _ keyword: String
    ) throws(JSONSchemaError) -> [(name: String, schema: Int)] {
        var nodes: [(name: String, schema: Int)] = []
        for (name, schema) in try object(keyword) ?? [:] {
            let place = pointer.appending(keyword).appending(name)
            nodes.append((name, try compiler.add(schema, at: place, resource: resource)))
        }
        return nodes
    }

    // MARK: Values of keywords

    private func invalid(_ keyword: String, _ reason: String) -> JSONSchemaError {
        JSONSchemaError(.invalid, reason, at: pointer.appending(keyword).description)
    }

    private func mismatch(_ keyword: String, _ expected: String) -> JSONSchemaError {
        invalid(keyword, "expected \(expected), found \(SchemaTypes.word(for: keywords[keyword] ?? .null))")
    }

    private func array(_ keyword: String) throws(JSONSchemaError) -> [JSONValue]? {
        guard let value = keywords[keyword] else { return nil }
        guard let elements = value.array else { throw mismatch(keyword, "an array") }
        return elements
    }

    private func object(_ keyword: String) throws(JSONSchemaError) -> JSONObject? {
        guard let value = keywords[keyword] else { return nil }
        guard let members = value.object else { throw mismatch(keyword, "an object") }
        return members
    }

    private func string(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = keywords[keyword] else { return nil }
        guard let text = value.string else { throw mismatch(keyword, "a string") }
        return text
    }

    private func bool(_ keyword: String) throws(JSONSchemaError) -> Bool? {
        guard let value = keywords[keyword] else { return nil }
        guard let bool = value.bool else { throw mismatch(keyword, "a boolean") }
        return bool
    }

    private func number(_ keyword: String) throws(JSONSchemaError) -> JSONNumber? {
        guard let value = keywords[keyword] else { return nil }
        guard case .number(let number) = value else { throw mismatch(keyword, "a number") }
        return number
    }

    /// A whole number, 0 or more; one beyond `Int` counts as its largest.
    private func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let number = try number(keyword) else { return nil }
        guard number.isInteger, !number.isLess(than: 0) else {
            throw invalid(keyword, "it must be a whole number, 0 or more")
        }
        return number.int ?? .max
    }

    private func names(_ value: JSONValue, _ place: JSONPointer) throws(JSONSchemaError) -> [String] {
        var names: [String] = []
        for element in value.array ?? [.null] {
            guard let name = element.string else {
                throw JSONSchemaError(.invalid, "expected an array of property names", at: place.description)
            }
            names.append(name)
        }
        return names
    }

    private func pattern(_ text: String, _ place: JSONPointer) throws(JSONSchemaError) -> SchemaPattern {
        do throws(SchemaPattern.CompileError) {
            return try SchemaPattern(text)
        } catch {
            throw JSONSchemaError(
                .invalid, "the pattern fails after \(error.offset) bytes: \(error.message)", at: place.description)
        }
    }
}
