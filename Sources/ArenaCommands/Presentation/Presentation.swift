import ArenaCore
import ArenaJSON

/// The answers of commands as text for people. Each function is pure: the same document gives the same text.
package enum Presentation {
    /// The colour of a state of a plugin, job or lane.
    static func role(ofState state: String) -> TextStyle.Role? {
        switch state {
        case "ready", "done", "healthy", "ok", "running": .good
        case "broken", "failed", "refused", "crashed", "unreachable", "parked": .bad
        case "needs grant", "needs_grant", "disabled", "dispatched", "loading", "partial": .attention
        default: nil
        }
    }

    /// What stands in a cell for a value: text as it is, numbers and flags as people write them, nothing for `null`.
    static func plain(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let number): number.text
        case .array(let elements): elements.map { plain($0) }.joined(separator: ", ")
        case .object: value?.text() ?? ""
        }
    }

    /// `2026-11-21T09:05:07.042Z` as `2026-11-21 09:05:07`, any other text as it is. For columns whose head says UTC.
    static func time(_ value: JSONValue?) -> String {
        guard let text = value?.string else { return "" }
        let parts = text.split(separator: "T")
        guard parts.count == 2, parts[1].hasSuffix("Z") else { return text }
        return "\(parts[0]) \(parts[1].prefix { $0 != "." && $0 != "Z" })"
    }

    /// ``time(_:)`` with its zone; empty without one.
    static func moment(_ value: JSONValue?) -> String {
        let text = time(value)
        return text.isEmpty ? "" : "\(text) UTC"
    }

    /// A number with a fixed count of decimals; empty for anything else.
    static func decimal(_ value: JSONValue?, _ digits: Int = 3) -> String {
        value?.double.map { decimal($0, digits) } ?? ""
    }

    static func decimal(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scaled = Int64((abs(value) * scale).rounded())
        let fraction = String(scaled % Int64(scale))
        let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
        let sign = value < 0 && scaled != 0 ? "-" : ""
        return "\(sign)\(scaled / Int64(scale))" + (digits > 0 ? ".\(zeros)\(fraction)" : "")
    }

    /// The message of an error member, which is text or `{code, message, hint}`.
    static func message(_ error: JSONValue?) -> String {
        error?.string ?? error?["message"]?.string ?? ""
    }

    /// `error:` and `hint:` lines for an error member; empty when there is none.
    static func errorLines(_ error: JSONValue?, hint: JSONValue? = nil, _ style: TextStyle) -> String {
        let text = message(error).printable
        guard !text.isEmpty else { return "" }
        var lines = "\(style("error:", .bad)) \(text)\n"
        if let hint = (error?["hint"] ?? hint)?.string { lines += "\(style("hint:", .attention)) \(hint.printable)\n" }
        return lines
    }

    /// A heading above a part of a page.
    static func heading(_ text: String, _ style: TextStyle) -> String { "\n\(style(text, .heading))\n" }
}
