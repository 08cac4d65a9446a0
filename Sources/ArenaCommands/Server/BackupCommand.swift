import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser
import Foundation

/// `arena backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database while everything goes on.",
        discussion: """
            The copy is examined before it gets its name. Configuration, plugins and the files of jobs (artifacts/) are
            plain files of the home: copy them beside it.
            """)

    @Argument(
        help: ArgumentHelp("The file to make (default: backups/arena-TIME.db in Arena's home).", valueName: "file"))
    var path: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = path.map { URL(filePath: $0).standardizedFileURL.path }
        let backup = try await global.withRuntime(lookingAtPlugins: false) { try await $0.backUp(to: path) }
        let answer: JSONValue = ["path": .string(backup.path), "bytes": .number(JSONNumber(backup.size.bytes))]
        Console.current.answer(answer) { _ in "\(backup.path.printable), \(backup.size)\n" }
    }
}
