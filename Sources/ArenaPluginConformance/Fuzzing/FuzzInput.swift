import ArenaJSON
import ArenaPluginABI

/// An input that can make a plugin fail, in the form in which it is kept in a file.
struct FuzzInput: Hashable, Sendable {
    let interface: String
    let kind: String
    /// Of a scorer or engine.
    var config: JSONValue = [:]
    /// Of a scorer.
    var items: [ScoreItem] = []
    /// The payload of a job, the request to an engine.
    var document: JSONValue?

    var json: JSONValue {
        var members: JSONObject = ["interface": .string(interface), "kind": .string(kind), "config": config]
        if !items.isEmpty { members["items"] = .array(items.map(\.json)) }
        if let document { members["document"] = document }
        return .object(members)
    }

    init(interface: String, kind: String) {
        self.interface = interface
        self.kind = kind
    }

    init?(_ json: JSONValue) {
        guard let interface = json["interface"]?.string, let kind = json["kind"]?.string else { return nil }
        self.init(interface: interface, kind: kind)
        config = json["config"] ?? [:]
        items = (json["items"]?.array ?? []).map(ScoreItem.init(json:))
        document = json["document"]
    }

    /// Smaller inputs that may fail in the same way, the much smaller first.
    func smaller(isValid: (JSONValue) -> Bool) -> [FuzzInput] {
        var inputs: [FuzzInput] = []
        func add(_ change: (inout FuzzInput) -> Void) {
            var input = self
            change(&input)
            if input != self { inputs.append(input) }
        }
        if items.count > 1 {
            let middle = items.count / 2
            add { $0.items = Array(items[..<middle]) }
            add { $0.items = Array(items[middle...]) }
            if items.count <= 4 { for index in items.indices { add { $0.items.remove(at: index) } } }
        } else if let item = items.first {
            if !item.references.isEmpty { add { $0.items[0].references = [] } }
            if !item.input.isEmpty { add { $0.items[0].input = "" } }
            if !item.metaJSON.isEmpty { add { $0.items[0].metaJSON = "" } }
            for text in Self.shorter(item.output) { add { $0.items[0].output = text } }
            if let reference = item.references.first {
                for text in Self.shorter(reference) { add { $0.items[0].references[0] = text } }
            }
        }
        for value in Self.smaller(config) where isValid(value) { add { $0.config = value } }
        if let document {
            for value in Self.smaller(document) where interface != "arena.job_kind/1" || isValid(value) {
                add { $0.document = value }
            }
        }
        return inputs
    }

    private static func shorter(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        let scalars = Array(text.unicodeScalars)
        let middle = scalars.count / 2
        let (quarter, eighth) = (scalars.count / 4, scalars.count / 8)
        let parts = [
            scalars[..<0], scalars[..<middle], scalars[middle...], scalars.dropFirst(quarter),
            scalars.dropLast(quarter),
            scalars.dropFirst(eighth), scalars.dropLast(eighth), scalars.dropFirst(), scalars.dropLast(),
        ].filter { $0.count < scalars.count }
        return parts.map { String(String.UnicodeScalarView($0)) }
    }

    private static func smaller(_ value: JSONValue) -> [JSONValue] {
        switch value {
        case .object(let members):
            return members.flatMap { name, member -> [JSONValue] in
                var without = JSONObject()
                for (other, value) in members where other != name { without[other] = value }
                let inside = smaller(member).map { value -> JSONValue in
                    var changed = members
                    changed[name] = value
                    return .object(changed)
                }
                return [.object(without)] + inside
            }
        case .array(let elements):
            return elements.indices.map { index in
                var without = elements
                without.remove(at: index)
                return .array(without)
            }
        case .string(let text): return shorter(text).map(JSONValue.string)
        default: return []
        }
    }
}
