import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Begin no more jobs of a kind until it is resumed.",
        discussion: "Jobs that run go on, and jobs can still be enqueued. It holds over restarts.")

    @Argument(help: "The job kind, such as eval_rerun or PLUGIN/KIND.", completion: .kinds(of: .jobKind))
    var kind: String

    @Option(help: "Why, for whoever wonders later.")
    var reason: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            // A kind whose plugin is broken is the more worth pausing: the store alone decides.
            let name: String = try await JobKindName.resolve(kind, runtime)
            try await runtime.store.pause(kind: name, reason: reason)
            let paused = try await runtime.store.pausedKinds().first { $0.kind == name }
            Console.current.answer(paused?.json ?? .null) { _ in "Paused \(name). Resume it: arena job resume \(name)\n"
            }
        }
    }
}

struct JobResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Begin jobs of a kind that was paused again.")

    @Argument(help: "The job kind.", completion: .kinds(of: .jobKind))
    var kind: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let name: String = try await JobKindName.resolve(kind, runtime)
            let wasPaused = try await runtime.store.resume(kind: name)
            let document: JSONValue = ["id": .string(name), "kind": .string(name), "was_paused": .bool(wasPaused)]
            Console.current.answer(document) { _ in wasPaused ? "Resumed \(name).\n" : "\(name) was not paused.\n" }
        }
    }
}
