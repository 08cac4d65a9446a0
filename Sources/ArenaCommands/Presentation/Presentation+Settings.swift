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
            bounds(schema["minLength"], schema["maxLength"]).map { "\($0) characters" },
            bounds(schema["minItems"], schema["maxItems"]).map { "\($0) elements" },
            schema["pattern"].map { "like \(plain($0))" },
        ]
        return bounds.compactMap(\.self).joined(separator: "; ")
    }

    private static func bounds(_ low: JSONValue?, _ high: JSONValue?) -> String? {
        switch (low, high) {
        case (nil, nil): nil
        case (let low?, nil): "from \(plain(low))"
        case (nil, let high?): "up to \(plain(high))"
        case (let low?, let high?): "\(plain(low)) to \(plain(high))"
        }
    }
}
