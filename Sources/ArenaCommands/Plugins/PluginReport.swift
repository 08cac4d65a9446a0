import ArenaCore
import ArenaJSON
import ArenaRuntime

extension ArenaRuntime {
    /// Says how a plugin stands after it was changed.
    func reportPlugin(_ name: String) async throws {
        let info = try await requirePlugin(name)
        Console.current.answer(info) { style in
            let state = info["state"]?.string ?? ""
            let reason = info["reason"]?.string.map { ": \($0.printable)" } ?? ""
            return "\(name) is \(style(state, Presentation.role(ofState: state)))\(reason)\n"
        }
        if let hint = info["hint"]?.string { Console.current.note("hint: \(hint)") }
    }
}
