import ArenaCore
import ArenaJSON
import ArenaPluginABI

/// One line of `arena score --items`.
struct ScoreLine {
    let item: ScoreItem
    let config: JSONValue?
    /// `FILE:LINE`, for what is wrong with it.
    let place: String

    private static let members: Set<String> = [
        "item_id", "input", "output", "reference", "references", "config", "meta",
    ]

    static func parse(_ bytes: [UInt8], name: String) throws -> [ScoreLine] {
        var lines: [ScoreLine] = []
        var number = 0
        for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if row.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            let place = "\(name == "-" ? "standard input" : name):\(number)"
            do throws(BadLine) {
                lines.append(try ScoreLine(Array(row), number: number, place: place))
            } catch {
                throw Failure(
                    code: "score.bad_line", category: .invalidArgument, message: "\(place): \(error.what)",
                    hint: "A line is {\"item_id\"?, \"output\", \"reference\" or \"references\", \"input\"?, "
                        + "\"config\"?, \"meta\"?}.")
            }
        }
        return lines
    }

    private init(_ row: [UInt8], number: Int, place: String) throws(BadLine) {
        let value: JSONValue
        do { value = try JSONValue(parsing: row) } catch {
            throw BadLine("the line is no JSON: \(error.message)")
        }
        guard let members = value.object else { throw BadLine("the line is no JSON object.") }
        for (key, _) in members where !Self.members.contains(key) { throw BadLine("there is no member `\(key)`.") }
        guard let output = members["output"]?.string else { throw BadLine("`output` must be a text.") }
        item = ScoreItem(
            itemID: try Self.itemID(members["item_id"]) ?? String(number),
            input: try Self.given(members["input"], "`input` must be a text.", \.string) ?? "", output: output,
            references: try Self.references(members),
            metaJSON: try Self.given(members["meta"], "`meta` must be an object.", \.object)
                .map { JSONValue.object($0).text() } ?? "")
        config = try Self.given(members["config"], "`config` must be an object.", \.object).map(JSONValue.object)
        self.place = place
    }

    /// A text, or an integer as its text.
    private static func itemID(_ value: JSONValue?) throws(BadLine) -> String? {
        if let number = value?.int { return String(number) }
        return try given(value, "`item_id` must be a text or a whole number.", \.string)
    }

    private static func references(_ members: JSONObject) throws(BadLine) -> [String] {
        let rule = "`references` must be a list of texts."
        let one = members["reference"].flatMap { $0.isNull ? nil : $0 }
        if let list = try given(members["references"], rule, \.array) {
            guard one == nil else { throw BadLine("it has both `reference` and `references`; give one of them.") }
            let texts = list.compactMap(\.string)
            guard texts.count == list.count else { throw BadLine(rule) }
            return texts
        }
        switch one {
        case .string(let text)?: return [text]
        case .number(let number)?: return [number.text]
        case nil: return []
        default: throw BadLine("`reference` must be a text.")
        }
    }

    /// A member of one type; `null` counts as not there.
    private static func given<Value>(
        _ value: JSONValue?, _ rule: String, _ read: (JSONValue) -> Value?
    ) throws(BadLine) -> Value? {
        guard let value, !value.isNull else { return nil }
        guard let read = read(value) else { throw BadLine(rule) }
        return read
    }
}

/// What is wrong with a line.
private struct BadLine: Error {
    let what: String

    init(_ what: String) { self.what = what }
}
