import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import CLinux
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
