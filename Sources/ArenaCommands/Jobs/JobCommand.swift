import ArgumentParser

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Look at the queue, and work on it.",
        subcommands: [
            JobListCommand.self, JobShowCommand.self, JobLogCommand.self, JobCancelCommand.self, JobRetryCommand.self,
            JobPauseCommand.self, JobResumeCommand.self, JobPruneCommand.self, JobStatsCommand.self,
        ])
}
