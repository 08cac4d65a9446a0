import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser

extension ArenaRuntime {
    /// Says how a plugin stands after it was changed, and gives what it said.
    @discardableResult
    func reportPlugin(_ name: String) async throws -> JSONValue {
        let info = try await requirePlugin(name)
        Console.current.answer(info) { style in
            let state = info["state"]?.string ?? ""
            let reason = info["reason"]?.string.map { ": \($0.printable)" } ?? ""
            return "\(name) is \(style(state, Presentation.role(ofState: state)))\(reason)\n"
        }
        if let hint = info["hint"]?.string { Console.current.note("hint: \(hint.printable)") }
        return info
    }
}

extension JSONValue {
    /// Ends the command with a failure when the plugin that this is the information of cannot be used.
    func requireReady() throws {
        guard ["broken", "refused", "parked", "needs grant", "disabled"].contains(self["state"]?.string) else { return }
        throw ExitCode(ErrorCategory.failedPrecondition.exitStatus)
    }
}
