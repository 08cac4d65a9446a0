import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArgumentParser

struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "List, examine, grant and switch plugins.",
        subcommands: [
            PluginListCommand.self, PluginInfoCommand.self, PluginCheckCommand.self, PluginNewCommand.self,
            PluginTrustCommand.self, PluginRetryCommand.self, PluginDisableCommand.self,
        ])
}

struct PluginListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List every registered kind, and every plugin that is not ready.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let list = await runtime.pluginList()
            for problem in await runtime.registry.snapshot.problems {
                Console.current.note("warning: \(problem.message)")
                if let hint = problem.hint { Console.current.note("hint: \(hint)") }
            }
            Console.current.answer(.array(list)) { Presentation.pluginList(.array(list), $0) }
        }
    }
}

struct PluginInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show one plugin, why it is not ready, and the cure.")

    @Argument(help: "The plugin's id, or the file's name while it has none.", completion: .plugins)
    var plugin: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let info = try await runtime.requirePlugin(plugin)
            Console.current.answer(info) { Presentation.pluginInfo(info, $0) }
        }
    }
}

struct PluginTrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Grant a plugin what it asks for now.",
        discussion: "The grant is for exactly these files: when they change, the plugin asks again.")

    @Argument(help: "The plugin's id.", completion: .plugins)
    var plugin: String

    @Flag(
        name: .customLong("in-host"),
        help: "Also let its scorers run inside Arena's own process: faster, and a crash is Arena's.")
    var inHost = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            try await runtime.registry.trust(plugin, isolation: inHost ? .host : .child)
            let info = try await runtime.reportPlugin(plugin)
            if inHost { Self.noteWhatStaysOutside(info) }
            try info.requireReady()
        }
    }
}

extension PluginTrustCommand {
    /// Says which kinds run in a child process all the same.
    private static func noteWhatStaysOutside(_ info: JSONValue) {
        let kinds = (info["provides"]?.array ?? []).filter { $0["isolation"]?.string == Isolation.child.rawValue }
        guard !kinds.isEmpty else { return }
        let names = kinds.compactMap { $0["id"]?.string }.joined(separator: ", ")
        Console.current.note(
            "note: \(names.printable) still runs in a child process: inside Arena's own only scorers run, of plugins that "
                + "ask for no service which could block.")
    }
}

struct PluginRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Forget that a plugin was broken or crashed, and try it again.")

    @Argument(help: "The plugin's id.", completion: .plugins)
    var plugin: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            try await runtime.registry.retry(plugin)
            try await runtime.reportPlugin(plugin).requireReady()
        }
    }
}

struct PluginDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Switch a plugin off until it is trusted again.")

    @Argument(help: "The plugin's id.", completion: .plugins)
    var plugin: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            try await runtime.registry.disable(plugin)
            try await runtime.reportPlugin(plugin)
        }
    }
}
