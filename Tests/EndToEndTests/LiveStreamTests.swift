import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Testing

/// What readers of the event streams are told of a real runtime.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(1)))
struct LiveStreamTests {
    @Test func aReaderSeesAJobThroughAndGoesOnWhereItWas() async throws {
        try await TestHouse.withHouse { house in
            let runtime = house.runtime
            await runtime.registry.refresh()
            try await HouseServer.run(on: runtime) { server in
                let first = try await server.events("/api/jobs/stream") { _ in true }
                #expect(first.map(\.name) == ["snapshot"])
                #expect(first[0].data["jobs"] == [])

                async let followed = server.events("/api/jobs/stream", lastEventID: first[0].id) {
                    $0.data["job"]?["status"] == "done"
                }
                let job = try await runtime.jobs.enqueue(
                    JobRequest(kind: "sleep", payload: ["seconds": 0.2, "steps": 4], trigger: "test")
                ).job.id
                _ = try await runtime.makeDispatcher().runUntilFinished(job)
                let events = try await followed
                #expect(events.first?.name == "resumed")
                #expect(events.dropFirst().allSatisfy { $0.data["job"]?["id"]?.string ?? job == job })
                let numbers = events.compactMap { Int($0.id) }
                #expect(numbers == numbers.sorted())
                #expect(events.last?.data["job"]?["result"]?["steps"] == 4)

                // Whoever comes back is told what it missed, in fewer steps, and the end.
                let missed = try await server.events("/api/jobs/stream", lastEventID: first[0].id) {
                    $0.data["job"]?["status"] == "done"
                }
                #expect(missed.first?.name == "resumed")
                #expect(missed.last?.data["job"] == events.last?.data["job"])
            }
        }
    }

    @Test func aReaderThatWasAwayTooLongBeginsAnew() async throws {
        try await TestHouse.withHouse { house in
            let runtime = house.runtime
            await runtime.registry.refresh()
            let job = try await runtime.jobs.enqueue(
                JobRequest(kind: "sleep", payload: ["seconds": 0], trigger: "test")
            ).job.id
            try await runtime.store.pruneChanges(olderThan: .seconds(-60))
            try await HouseServer.run(on: runtime) { server in
                for id in ["0", "999999", "nonsense"] {
                    let events = try await server.events("/api/jobs/stream", lastEventID: id) { $0.name == "snapshot" }
                    #expect(events.map(\.name) == ["reset", "snapshot"], "\(id)")
                    #expect(events.last?.data["jobs"]?.array?.map { $0["id"] } == [.string(job)])
                }
            }
        }
    }

    @Test func aReaderSeesAPluginComeAndGo() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            try await HouseServer.run(on: house.runtime) { server in
                let first = try await server.events("/api/plugins/stream") { _ in true }
                let ids = first[0].data["plugins"]?.array?.compactMap { $0["id"]?.string } ?? []
                #expect(ids.contains("text"))
                #expect(first[0].data["kinds"]?.array?.contains { $0["id"] == "exact_match" } == true)
                let same = try await server.events("/api/plugins/stream", lastEventID: first[0].id) { _ in true }
                #expect(same.map(\.name) == ["resumed"])

                async let followed = server.events("/api/plugins/stream", lastEventID: first[0].id) {
                    $0.data["plugins"]?.array?.contains { $0["id"] == "replay" && $0["state"] == "disabled" } == true
                }
                try await house.runtime.registry.disable("replay")
                let change = try #require(try await followed.last)
                // Where the reader came after the change, it is a snapshot that says so.
                #expect(["change", "snapshot"].contains(change.name))
                #expect(change.data["kinds"]?.array?.contains { $0["plugin"] == "replay" } == false)
                try await house.runtime.registry.trust("replay")
                let other = try await server.events("/api/plugins/stream", lastEventID: first[0].id) {
                    $0.name == "snapshot"
                }
                #expect(other.map(\.name) == ["reset", "snapshot"])
            }
        }
    }
}
