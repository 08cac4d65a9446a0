import ArenaPluginHost
import ArenaRuntime
import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where Arena keeps its files (default: $ARENA_HOME, else ~/.arena).", valueName: "directory")
    )
    var home: String?

    @Flag(help: "Print exactly one JSON document on standard output.")
    var json = false

    @Flag(help: "Fail when any plugin waits for a grant, instead of leaving it out.")
    var locked = false

    /// The configuration with these flags.
    func configuration(host: String? = nil, port: Int? = nil) throws -> Configuration {
        try Configuration(
            flags: Configuration.Flags(home: home, host: host, port: port),
            environment: CommandLineTool.currentEnvironment())
    }

    /// Opens the runtime, looks at the plugins once, runs `body`, and closes the runtime whatever happens.
    func withRuntime<Value>(
        lookingAtPlugins: Bool = true, _ body: (ArenaRuntime) async throws -> Value
    ) async throws -> Value {
        let runtime = try await ArenaRuntime(try configuration().runtimeOptions())
        do {
            if lookingAtPlugins { await runtime.registry.refresh() }
            if locked { try await runtime.requireGrants() }
            let value = try await body(runtime)
            await runtime.close()
            return value
        } catch {
            await runtime.close()
            throw error
        }
    }
}
