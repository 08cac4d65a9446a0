import ArenaCore
import ArenaJSON
import ArenaPluginConformance
import ArenaRuntime
import ArgumentParser
import Foundation

struct PluginCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Examine a plugin's folder or library, before it is granted or installed.",
        discussion: "Its code runs only in throw-away child processes. The exit status is 0 when nothing failed.")

    @Argument(help: "A plugin's folder or its library.")
    var path: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        let results = try await global.withRuntime(lookingAtPlugins: false) { runtime in
            await runtime.makePluginCheck().run(path: URL(filePath: absolute).standardizedFileURL.path)
        }
        Console.current.answer(.array(results.map(\.json))) { style in
            results.map { result in
                let role: TextStyle.Role? =
                    switch result.outcome {
                    case .passed: .good
                    case .failed: .bad
                    case .warning: .attention
                    case .skipped: .quiet
                    }
                let hint = result.hint.map { "        hint: \($0.printable)\n" } ?? ""
                let word = result.outcome.rawValue
                let space = String(repeating: " ", count: 8 - word.count)
                return "\(style(word, role))\(space)\(result.id): \(result.message.printable)\n\(hint)"
            }.joined()
        }
        if results.contains(where: { $0.outcome == .failed }) {
            throw ExitCode(ErrorCategory.failedPrecondition.exitStatus)
        }
    }
}
