import ArenaJSON
import ArenaPluginKit
import ArenaYAML

/// The faults of a document, gathered while it is read: all of them are told, not only the first.
final class FaultList {
    private(set) var faults: [RubricFault] = []
    private let document: YAMLDocument
    /// More are of no use to anybody.
    private static let most = 100

    init(_ document: YAMLDocument) { self.document = document }

    func add(_ pointer: String, _ message: String, hint: String?) {
        guard faults.count < Self.most else { return }
        let place = document.position(of: pointer) ?? (1, 1)
        faults.append(RubricFault(line: place.line, column: place.column, message, hint: hint))
    }

    /// In the order of the text.
    var sorted: [RubricFault] { faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }

    func place(of pointer: String) -> (line: Int, column: Int) { document.position(of: pointer) ?? (1, 1) }
}

/// A value of the document that knows where it stands.
struct DocumentNode {
    let value: JSONValue
    let pointer: String
    let list: FaultList

    func fail(_ message: String, hint: String? = nil) { list.add(pointer, message, hint: hint) }

    /// A member; `nil` when it is missing.
    subscript(key: String) -> DocumentNode? {
        guard let member = value[key] else { return nil }
        let escaped = key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
        return DocumentNode(value: member, pointer: "\(pointer)/\(escaped)", list: list)
    }

    /// Names the members that nobody knows, with what was probably meant.
    func refuseUnknown(besides known: [String], of what: String) {
        for (key, _) in value.object ?? [:] where !known.contains(key) {
            let shown = String(key.unicodeScalars.prefix(60))
            let hint =
                Spelling.nearest(to: key, among: known).map { "Did you mean `\($0)`?" }
                ?? "\(what) has: \(known.joined(separator: ", "))."
            self[key]?.fail("There is no `\(shown)` here.", hint: hint)
        }
    }

    /// Text that says something; `nil` after naming what is wrong.
    func text(_ name: String, atMost: Int = 4000) -> String? {
        guard let text = value.string else {
            fail("`\(name)` must be text, not \(kind).", hint: value.isScalar ? "Put it in quotes." : "Write a text.")
            return nil
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            fail("`\(name)` is empty.", hint: "Write it, or leave the line out if it may be missing.")
            return nil
        }
        guard text.utf8.count <= atMost else {
            fail("`\(name)` has \(text.utf8.count) bytes, more than \(atMost).", hint: "Say it in fewer words.")
            return nil
        }
        return text
    }

    func flag(_ name: String) -> Bool {
        guard let flag = value.bool else {
            fail("`\(name)` must be true or false, not \(kind).", hint: "Write true or false, without quotes.")
            return false
        }
        return flag
    }

    /// A number from `range`; `nil` after naming what is wrong.
    ///
    /// - Parameter hint: the cure for one outside of the range.
    func number(_ name: String, in range: ClosedRange<Double>, hint: String) -> Double? {
        guard let number = isNumber ? value.double ?? .infinity : nil else {
            fail("`\(name)` must be a number, not \(kind).", hint: "Write a number such as 1 or 0.5, without quotes.")
            return nil
        }
        guard number.isFinite, range.contains(number) else {
            fail("`\(name)` must be from 0 to \(Int(range.upperBound)).", hint: hint)
            return nil
        }
        return number
    }

    private var isNumber: Bool { if case .number = value { true } else { false } }

    var kind: String {
        switch value {
        case .null: "nothing"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}

extension JSONValue {
    /// Whether it is written as one word.
    fileprivate var isScalar: Bool {
        switch self {
        case .bool, .number: true
        default: false
        }
    }
}
