import ArenaCore
import ArenaJSON

extension Presentation {
    /// What a kind takes, from its JSON Schema: one row a member. Empty for a kind without a schema.
    static func settings(of kind: JSONValue, _ style: TextStyle) -> String {
        guard let schema = kind["schema"], let properties = schema["properties"]?.object else { return "" }
        let isPayload = plain(kind["interface"]).hasPrefix("arena.job_kind/")
        let title = "\(isPayload ? "Payload" : "Settings") of \(plain(kind["id"]))".printable
        guard !properties.isEmpty else { return heading(title, style) + "none\n" }
        let required = schema["required"]?.array ?? []
        var table = TextTable([
            .init("NAME"), .init("TYPE"), .init("DEFAULT"), .init("ALLOWED"), .init("DESCRIPTION"),
        ])
        for (name, property) in properties {
            let isRequired = required.contains(.string(name))
            table.add([
                Cell(name), Cell(type(property)),
                Cell(isRequired ? "required" : property["default"]?.text() ?? "", isRequired ? .attention : nil),
                Cell(allowed(property)), Cell(plain(property["description"]).printable),
            ])
        }
        return heading(title, style) + table.text(style)
    }

    /// `integer`, or `array of string`.
    private static func type(_ schema: JSONValue) -> String {
        let name = schema["type"]?.array.map { $0.map { plain($0) }.joined(separator: " or ") } ?? plain(schema["type"])
        guard name == "array", let element = schema["items"].map(type), !element.isEmpty else { return name }
        return "array of \(element)"
    }

    /// The listed values, or the bounds: of a number itself, of a text or list its length.
    private static func allowed(_ schema: JSONValue) -> String {
        if let values = schema["enum"]?.array { return values.map { $0.text() }.joined(separator: ", ") }
        if let value = schema["const"] { return value.text() }
        let bounds = [
            bounds(schema["minimum"], schema["maximum"]),
            bounds(schema["exclusiveMinimum"], schema["exclusiveMaximum"]).map { "\($0), both excluded" },
            bounds(schema["minLength"], schema["maxLength"]).map {
                count($0, schema["minLength"], schema["maxLength"], "character")
            },
            bounds(schema["minItems"], schema["maxItems"]).map {
                count($0, schema["minItems"], schema["maxItems"], "element")
            },
            schema["pattern"].map { "like \(plain($0))" },
        ]
        return bounds.compactMap(\.self).joined(separator: "; ")
    }

    private static func bounds(_ low: JSONValue?, _ high: JSONValue?) -> String? {
        switch (low, high) {
        case (nil, nil): nil
        case (let low?, nil): "at least \(number(low))"
        case (nil, let high?): "at most \(number(high))"
        case (let low?, let high?) where low == high: "exactly \(number(low))"
        case (let low?, let high?): "\(number(low)) to \(number(high))"
        }
    }

    /// A whole number without its decimals: `5` for 5.0.
    private static func number(_ value: JSONValue) -> String { value.int.map(String.init) ?? plain(value) }

    private static func count(_ bounds: String, _ low: JSONValue?, _ high: JSONValue?, _ unit: String) -> String {
        (high ?? low)?.int == 1 ? "\(bounds) \(unit)" : "\(bounds) \(unit)s"
    }
}
