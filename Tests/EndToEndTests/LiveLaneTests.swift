import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// Lanes that come, change and go in `arena.yaml` while Arena runs.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(3)))
struct LiveLaneTests {
    /// A house whose `arena.yaml` is followed, and what the follower said.
    private func following(
        _ yaml: String, _ body: (TestHouse, AsyncStream<LaneEdition.Change>) async throws -> Void
    ) async throws {
        try await TestHouse.withHouse { house in
            try write(yaml, house)
            try await following(house) { try await body(house, $0) }
        }
    }

    private func following(
        _ house: TestHouse, _ body: (AsyncStream<LaneEdition.Change>) async throws -> Void
    ) async throws {
        let (changes, feed) = AsyncStream.makeStream(of: LaneEdition.Change.self)
        let follower = try LaneFollower(house.runtime) { feed.yield($0) }
        async let running: Void = follower.run()
        do { try await body(changes) } catch {
            follower.stop()
            throw error
        }
        follower.stop()
        await running
    }

    /// As an editor does that writes beside the file and renames.
    private func write(_ yaml: String, _ house: TestHouse) throws {
        let draft = house.home + "/.draft"
        try Data(yaml.utf8).write(to: URL(filePath: draft))
        chmod(draft, 0o600)
        rename(draft, house.home + "/arena.yaml")
    }

    @Test func anEditIsTakenAndABadOneLeavesTheLastGoodLanes() async throws {
        try await following("lanes: [{id: one, type: replay}]\n") { house, changes in
            let lanes = house.runtime.lanes
            var news = changes.makeAsyncIterator()
            #expect(await news.next() == .taken(added: ["one"], altered: [], removed: []))
            #expect(lanes.lanes.map(\.id) == ["replay", "one"])

            try write("lanes:\n  - {id: one, type: replay}\n  - {id: two, type: replay}\n", house)
            #expect(await news.next() == .taken(added: ["two"], altered: [], removed: []))
            #expect(try lanes.lane("two").type == "replay")

            try write("lanes:\n  - {id: one, type: replay}\n  - {id: Two, type: replay}\n", house)
            guard case .refused(let failure) = await news.next() else {
                Issue.record("a bad id was taken")
                return
            }
            #expect(failure.message.contains("arena.yaml:3:10: ") && failure.message.contains("lanes[1].id"))
            #expect(lanes.lanes.map(\.id) == ["replay", "one", "two"])
            #expect(lanes.problem == failure)
            try await HouseServer.run(on: house.runtime) { server in
                let answer = try await server.send("GET", "/api/lanes").json
                #expect(answer["lanes"]?.array?.map { $0["id"] } == ["one", "replay", "two"])
                #expect(answer["problem"]?["message"]?.string == failure.message)
            }

            try write("lanes:\n  - {id: two, type: replay, title: Zwei}\n", house)
            #expect(await news.next() == .taken(added: [], altered: [], removed: ["one"]))
            #expect(lanes.problem == nil && lanes.lanes.last?.title == "Zwei")
            #expect(throws: LaneError.self) { try lanes.lane("one") }

            try FileManager.default.removeItem(atPath: house.home + "/arena.yaml")
            #expect(await news.next() == .taken(added: [], altered: [], removed: ["two"]))
        }
    }

    @Test func aLaneThatWasAddedByTheCommandIsTaken() async throws {
        try await following("# mine\n") { house, changes in
            var news = changes.makeAsyncIterator()
            try LaneFile(path: house.home + "/arena.yaml").add(LaneConfiguration(id: "added", type: "replay"))
            #expect(await news.next() == .taken(added: ["added"], altered: [], removed: []))
            await house.runtime.registry.refresh()
            let lane = try house.runtime.lanes.lane("added")
            #expect(await house.runtime.lanes.health(of: lane).isHealthy)
        }
    }

    @Test func aFileThatIsALinkIsFollowedToWhereItLeads() async throws {
        try await TestHouse.withHouse { house in
            let elsewhere = house.home + "/elsewhere"
            try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
            let file = elsewhere + "/mine.yaml"
            try Data("lanes: [{id: near, type: replay}]".utf8).write(to: URL(filePath: file))
            try FileManager.default.createSymbolicLink(
                atPath: house.home + "/arena.yaml", withDestinationPath: file)
            try await following(house) { changes in
                var news = changes.makeAsyncIterator()
                #expect(await news.next() == .taken(added: ["near"], altered: [], removed: []))
                try LaneFile(path: house.home + "/arena.yaml.other").add(LaneConfiguration(id: "far", type: "replay"))
                #expect(rename(house.home + "/arena.yaml.other", file) == 0)
                #expect(await news.next() == .taken(added: ["far"], altered: [], removed: ["near"]))
            }
        }
    }

    // MARK: What a lane type takes

    @Test(arguments: [
        ("replay", "recording: x.jsonl", ":5:18: ", "/recording"),
        ("replay", "recordings: 7", ":5:19: ", "/recordings"),
        ("openai", "stream: maybe", ":5:15: ", "/stream"),
    ])
    func aConfigurationThatItsTypeDoesNotTakeIsNamedByItsPlace(
        type: String, config: String, place: String, member: String
    ) async throws {
        let yaml =
            "lanes:\n  - id: wrong\n    type: \(type)\n    config:\n      \(config)\n    base_url: http://127.0.0.1:9\n"
        try await following(yaml) { house, changes in
            var news = changes.makeAsyncIterator()
            _ = await news.next()
            await house.runtime.registry.refresh()
            let lane = try house.runtime.lanes.lane("wrong")
            let health = await house.runtime.lanes.health(of: lane)
            #expect(!health.isHealthy)
            #expect(
                health.reason.hasPrefix("\(house.home)/arena.yaml\(place)the configuration of lane wrong is wrong: "))
            #expect(health.reason.contains("config\(member): "), "\(health.reason)")
            let request: JSONValue = ["lane": "wrong", "op": "chat", "request": ["messages": []]]
            let error = await #expect(throws: LaneError.self) {
                _ = try await house.runtime.lanes.perform(request) { _ in }
            }
            #expect(error?.code == "lane.bad_config" && error?.category == .failedPrecondition)
            #expect(error?.hint?.contains("arena plugin info \(type)") == true)
        }
    }
}
