import ArenaRuntime
import ArgumentParser

/// `arena`
struct ArenaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arena",
        abstract: "Runs, scores and compares language models through plugins, on one machine.",
        discussion: "A first evaluation, with nothing configured: arena eval arithmetic-words --lane replay",
        version: ArenaVersion.current,
        subcommands: [
            EvalCommand.self, ResultsCommand.self, RunCommand.self, ScoreCommand.self, BenchCommand.self,
            RubricCommand.self, PluginCommand.self, JobCommand.self,
            ScheduleCommand.self, DrainCommand.self, WorkerCommand.self, LaneCommand.self, SecretCommand.self,
            ExportCommand.self, BackupCommand.self, UpCommand.self, DoctorCommand.self, CompletionsCommand.self,
        ]
    )
}
