import ArenaJobs
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import CLinux
import Logging
import ServiceLifecycle

/// Runs jobs until the group ends, then gives running ones back.
struct DispatchService: Service {
    let runtime: ArenaRuntime

    func run() async throws {
        let dispatcher = runtime.makeDispatcher()
        try await withGracefulShutdownHandler {
            try await dispatcher.run()
        } onGracefulShutdown: {
            dispatcher.stop()
        }
    }
}

/// Fires schedules until the group ends.
struct ScheduleService: Service {
    let runtime: ArenaRuntime

    func run() async throws {
        let scheduler = runtime.makeScheduler()
        await cancelWhenGracefulShutdown { await scheduler.run() }
    }
}

/// Forgets old jobs and changes until the group ends.
struct RetentionService: Service {
    let runtime: ArenaRuntime

    func run() async throws {
        let retention = runtime.makeRetention()
        await cancelWhenGracefulShutdown { await retention.run() }
    }
}

/// Follows the plugin directories until the group ends.
struct PluginService: Service {
    let runtime: ArenaRuntime

    func run() async throws {
        try await runtime.registry.watch()
        await runtime.registry.refresh()
        arena_linux_release_program()
        try await gracefulShutdown()
    }
}

/// Follows the lanes of `arena.yaml` until the group ends.
struct LaneFileService: Service {
    let runtime: ArenaRuntime

    func run() async throws {
        let follower = try LaneFollower(runtime, report: Self.log)
        await withGracefulShutdownHandler {
            await follower.run()
        } onGracefulShutdown: {
            follower.stop()
        }
    }

    @Sendable private static func log(_ change: LaneEdition.Change) {
        var logger = Logger(label: "arena.lanes")
        logger.logLevel = .notice
        let level: Logger.Level = if case .refused = change { .warning } else { .notice }
        logger.log(level: level, "\(change)")
    }
}
