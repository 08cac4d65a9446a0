import ArenaJSON
import ArenaPluginKit
import ArenaYAML

/// One check of a rubric.
struct DocumentCheck: Sendable {
    enum Work: Sendable {
        /// `references` stand in for the item's own.
        case scorer(String, config: JSONValue, references: [String]?)
        case judge(JudgeQuestion)
    }

    var name: String
    var work: Work
    var weight: Double
    var why: String
    /// The check holds when the scorer looked at an answer and gave no pass.
    var isNegated: Bool
    /// When it fails the total is 0, whatever else holds.
    var isRequired: Bool
    /// Where its scorer or judge is named.
    var line: Int
    var column: Int

    var kind: String {
        switch work {
        case .scorer(let name, _, _): isNegated ? "not \(name)" : name
        case .judge: "judge"
        }
    }
}

/// A rubric as its document has it.
struct RubricDocument: Sendable {
    var id: String
    var title: String
    var description: String
    /// The total from which an answer passes.
    var passAt: Double
    var checks: [DocumentCheck]
    /// Where its id stands.
    var line: Int
    var column: Int

    private static let members = ["id", "title", "description", "pass_at", "checks"]
    static let mostChecks = 64
    private static let limits = YAMLLimits(maxDepth: 32, maxBytes: 256 << 10, maxAliasBytes: 64 << 10)

    /// Reads a document whole.
    ///
    /// - Returns: the rubric, or everything that is wrong with it.
    static func read(_ bytes: [UInt8]) -> Result<RubricDocument, Faults> {
        let document: YAMLDocument
        do throws(YAMLError) { document = try YAMLDocument(parsing: bytes, limits: limits) } catch {
            let message = "\(error.reason.prefix(1).uppercased())\(error.reason.dropFirst())."
            return .failure(
                Faults(list: [RubricFault(line: error.line, column: error.column, message, hint: hint(error.problem))]))
        }
        let faults = FaultList(document)
        let root = DocumentNode(value: document.value, pointer: "", list: faults)
        let rubric = read(root)
        guard faults.faults.isEmpty, let rubric else { return .failure(Faults(list: faults.sorted)) }
        return .success(rubric)
    }

    struct Faults: Error {
        var list: [RubricFault]
    }

    private static func hint(_ problem: YAMLError.Problem) -> String {
        switch problem {
        case .syntax: "Check the indentation, colons and quotes here; text with a colon wants quotes."
        case .duplicateKey: "Keep one of the two."
        case .tooDeep: "A rubric needs four levels; take the rest out."
        case .tooLarge: "Write the text out where it is needed, or keep large lists in a scorer of your own."
        case .alias: "Write the text out instead of the alias."
        case .unsupported: "Write plain YAML 1.2: text, numbers, true, false, lists and mappings."
        }
    }

    private static func read(_ root: DocumentNode) -> RubricDocument? {
        guard root.value.object != nil else {
            root.fail("A rubric is a mapping, not \(root.kind).", hint: "Begin with `id: my-rubric`.")
            return nil
        }
        root.refuseUnknown(besides: members, of: "A rubric")
        let id = required(root, "id", "the name of the file without its ending")?.text("id", atMost: 80)
        if let id, !isName(id) {
            root["id"]?.fail(
                "`\(id)` is no id.", hint: "Use 1 to 80 of a-z 0-9 _ - . beginning with a letter or digit.")
        }
        let title = root["title"].map { $0.text("title", atMost: 200) ?? "" }
        let description = root["description"].map { $0.text("description") ?? "" }
        let passAt = root["pass_at"].map {
            $0.number("pass_at", in: 0...1, hint: "Write the total from which an answer passes, such as 0.8.") ?? 1
        }
        let checks = required(root, "checks", "a list of what is looked at").map(checks) ?? []
        let place = root.list.place(of: (root["id"] ?? root).pointer)
        return RubricDocument(
            id: id ?? "", title: title ?? id ?? "", description: description ?? "", passAt: passAt ?? 1, checks: checks,
            line: place.line, column: place.column)
    }

    static func required(_ node: DocumentNode, _ key: String, _ what: String) -> DocumentNode? {
        if let member = node[key] { return member }
        node.fail("`\(key)` is missing.", hint: "Add `\(key):` \(what).")
        return nil
    }

    private static func checks(_ node: DocumentNode) -> [DocumentCheck] {
        guard let list = node.value.array, !list.isEmpty, list.count <= mostChecks else {
            node.fail("`checks` must be a list of 1 to \(mostChecks) checks.", hint: "Begin each with `- name:`.")
            return []
        }
        var checks: [DocumentCheck] = []
        var lines: [String: Int] = [:]
        let before = node.list.faults.count
        for (index, value) in list.enumerated() {
            let element = DocumentNode(value: value, pointer: "\(node.pointer)/\(index)", list: node.list)
            if let name = element["name"], let text = name.value.string {
                if let first = lines[text] {
                    name.fail(
                        "The name `\(text.prefix(80))` is that of the check in line \(first).",
                        hint: "Give each check a name of its own.")
                }
                lines[text] = lines[text] ?? node.list.place(of: name.pointer).line
            }
            if let check = DocumentCheck(element) { checks.append(check) }
        }
        if node.list.faults.count == before, !checks.contains(where: { $0.weight > 0 }) {
            node.fail("No check has a weight above 0.", hint: "Give at least one check a weight.")
        }
        return checks
    }

    private static func isName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard let first = text.utf8.first, isPlain(first) else { return false }
        return text.utf8.allSatisfy {
            isPlain($0) || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains($0)
        }
    }
}
