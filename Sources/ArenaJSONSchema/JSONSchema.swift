package import ArenaJSON

/// A JSON Schema of Draft 2020-12, ready to validate values on any thread.
///
/// All keywords of the draft are supported. `$ref` and `$dynamicRef` stay within the document: nothing is fetched.
/// `format` asserts nothing unless ``JSONSchemaOptions/assertsFormat``; `content*` never does. Patterns are PCRE2 in its
/// ECMAScript-like mode, bounded in time. Lengths count Unicode scalars, numbers are exact whatever their size.
package struct JSONSchema: Sendable {
    private let program: SchemaProgram
    private let options: JSONSchemaOptions

    /// Reads a schema and resolves its references.
    ///
    /// - Throws: ``JSONSchemaError`` for the first keyword that the draft does not allow.
    package init(_ document: JSONValue, options: JSONSchemaOptions = .init()) throws(JSONSchemaError) {
        program = try SchemaCompiler.compile(document)
        self.options = options
    }

    /// What keeps a value from following the schema, in the order of the schema; empty for a valid value.
    ///
    /// At most ``JSONSchemaOptions/maxIssues``. When a limit of the options ends validation early the value counts as
    /// invalid and the one issue says so.
    package func validate(_ value: JSONValue) -> [SchemaIssue] {
        let validator = SchemaValidator(program: program, options: options)
        return validator.issues(of: value)
    }

    /// Whether `value` follows the schema; stops at the first issue.
    package func isValid(_ value: JSONValue) -> Bool {
        var options = options
        options.maxIssues = 1
        let validator = SchemaValidator(program: program, options: options)
        return validator.issues(of: value).isEmpty
    }
}

/// How a schema validates, and what validation may cost.
package struct JSONSchemaOptions: Hashable, Sendable {
    /// Whether `format` is checked. Default `false`. Known are `date-time`, `date`, `time`, `email`, `hostname`, `ipv4`,
    /// `ipv6`, `uri`, `uuid`, `json-pointer` and `regex`; any other never fails.
    package var assertsFormat: Bool
    /// How many issues are collected. Default 100.
    package var maxIssues: Int
    /// How often a subschema may be applied to a value in one validation. Default 10 million, a few seconds.
    package var maxSteps: Int
    /// How long patterns may run in one validation. Default one second.
    package var patternTime: Duration

    package init(
        assertsFormat: Bool = false, maxIssues: Int = 100, maxSteps: Int = 10_000_000,
        patternTime: Duration = .seconds(1)
    ) {
        self.assertsFormat = assertsFormat
        self.maxIssues = maxIssues
        self.maxSteps = maxSteps
        self.patternTime = patternTime
    }
}
