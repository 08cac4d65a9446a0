import ArenaCore
import ArenaJSON

/// A value inside a manifest that knows where it stands, so that every complaint names the place.
struct ManifestNode {
    let value: JSONValue
    let pointer: String
    let document: ManifestDocument

    init(_ document: ManifestDocument) {
        value = document.value
        pointer = ""
        self.document = document
    }

    private init(_ value: JSONValue, _ pointer: String, _ document: ManifestDocument) {
        self.value = value
        self.pointer = pointer
        self.document = document
    }

    /// A member; `nil` when it is missing or null. On anything but an object there are no members: see ``object()``.
    subscript(key: String) -> ManifestNode? {
        guard let member = value[key], !member.isNull else { return nil }
        return ManifestNode(member, "\(pointer)/\(JSONPointer.escape(key))", document)
    }

    /// A member that must be there.
    func required(_ key: String, _ what: String) throws(PluginError) -> ManifestNode {
        guard let member = self[key] else { throw error("`\(key)` is missing: \(what)") }
        return member
    }

    func error(_ sentence: String, hint: String? = nil) -> PluginError {
        PluginError(
            .manifestInvalid, "\(document.place(of: pointer)): \(sentence).",
            hint: hint ?? "Write there what the message says; docs/PLUGINS.md shows every member.")
    }

    func object(_ what: String) throws(PluginError) -> [(key: String, node: ManifestNode)] {
        guard let object = value.object else { throw error("\(what) must be an object, not \(kindName)") }
        return object.map { ($0.key, ManifestNode($0.value, "\(pointer)/\(JSONPointer.escape($0.key))", document)) }
    }

    func array(_ what: String) throws(PluginError) -> [ManifestNode] {
        guard let array = value.array else { throw error("\(what) must be a list, not \(kindName)") }
        return array.enumerated().map { ManifestNode($0.element, "\(pointer)/\($0.offset)", document) }
    }

    func text(_ what: String) throws(PluginError) -> String {
        guard let text = value.string else { throw error("\(what) must be text, not \(kindName)") }
        return text
    }

    /// Text, or a number as it is written: YAML reads an unquoted `1.0` as a number.
    func textOrNumber(_ what: String) throws(PluginError) -> String {
        if case .number(let number) = value { return number.text }
        return try text(what)
    }

    func flag(_ what: String) throws(PluginError) -> Bool {
        guard let flag = value.bool else { throw error("\(what) must be true or false, not \(kindName)") }
        return flag
    }

    func integer(_ what: String, in range: ClosedRange<Int>) throws(PluginError) -> Int {
        guard let number = value.int, range.contains(number) else {
            throw error("\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ what: String) throws(PluginError) -> Double {
        guard let number = value.double else { throw error("\(what) must be a number, not \(kindName)") }
        return number
    }

    /// Adds a warning for each member whose name is not among `known`.
    func warnOfUnknownMembers(besides known: Set<String>, into warnings: inout [String]) {
        for key in unknownMembers(besides: known) {
            let place = document.place(ofKey: "\(pointer)/\(JSONPointer.escape(key))")
            warnings.append("\(place): unknown member `\(key.prefix(100))`, ignored.\(Self.question(key, known))")
        }
    }

    func unknownMembers(besides known: Set<String>) -> [String] {
        (value.object ?? [:]).map(\.key).filter { !known.contains($0) }
    }

    /// ` Did you mean ffi_scorers?`, where a known name is near.
    static func question(_ name: String, _ known: Set<String>) -> String {
        Spelling.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
    }

    func warning(_ sentence: String) -> String { "\(document.place(of: pointer)): \(sentence)." }

    private var kindName: String {
        switch value {
        case .null: "nothing"
        case .bool: "a truth value"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
