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
                var entry: JSONObject = [
                    "id": .string(lane.id), "type": .string(lane.type), "title": .string(lane.title),
                    "state": health.isHealthy ? "healthy" : "unreachable",
                    "source": lane.isEmbedded ? "built in" : "arena.yaml",
                    "reason": health.isHealthy ? .null : .string(health.reason),
                ]
                if let model = lane.model { entry["model"] = .string(model) }
                if let endpoint = lane.endpoint { entry["base_url"] = .string(endpoint.baseURL) }
                list.append(.object(entry))
            }
            Console.current.answer(.array(list)) { Presentation.laneList(.array(list), $0) }
        }
    }
}
