import ArenaJSON
import ArenaLanes
import ArenaRuntime
import ArgumentParser

struct LaneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lane", abstract: "Add and look at the back ends that answer.",
        subcommands: [LaneAddCommand.self, LaneCheckCommand.self, LaneListCommand.self])
}

struct LaneListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the lanes, and whether each answers.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            var list: [JSONValue] = []
            for lane in runtime.lanes.lanes {
                let health = await runtime.lanes.health(of: lane)
                var entry = lane.json.object ?? [:]
                entry["state"] = health.isHealthy ? "healthy" : "unreachable"
                entry["reason"] = health.isHealthy ? .null : .string(health.reason)
                list.append(.object(entry))
            }
            Console.current.answer(.array(list)) { Presentation.laneList(.array(list), $0) }
        }
    }
}
