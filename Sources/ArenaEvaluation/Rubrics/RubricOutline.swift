import ArenaJSON
import ArenaYAML

/// What can be told of a rubric in YAML that its reader refuses: its id and the scorers that it names, so that their
/// faults are told with those of the text and not after them.
struct RubricOutline {
    private(set) var id: (text: String, line: Int, column: Int)?
    private(set) var checks: [RubricCheck] = []

    /// Has nothing where the text is no YAML.
    init(_ bytes: [UInt8]) {
        let limits = YAMLLimits(maxDepth: 32, maxBytes: bytes.count, maxAliasBytes: 4096)
        guard let document = try? YAMLDocument(parsing: bytes, limits: limits) else { return }
        if let text = document.value["id"]?.string, let place = document.position(of: "/id") {
            id = (text, place.line, place.column)
        }
        for (index, check) in (document.value["checks"]?.array ?? []).enumerated() {
            guard let scorer = check["scorer"]?.string, let place = document.position(of: "/checks/\(index)/scorer")
            else { continue }
            let config = check["config"] ?? [:]
            let name = check["name"]?.string ?? "\(index + 1)"
            let known: JSONValue = [
                "name": .string(name), "weight": 1, "scorer": .string(scorer),
                "config": config.object == nil ? [:] : config, "line": JSONValue(place.line),
                "column": JSONValue(place.column),
            ]
            if let check = try? RubricCheck(known, of: id?.text ?? "") { checks.append(check) }
        }
    }
}
