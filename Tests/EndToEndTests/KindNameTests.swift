import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Testing

/// By which names kinds and interfaces are found.
@Suite(.startsProcesses)
struct KindNameTests {
    @Test func takesAnInterfaceByItsFullOrShortNameAndRefusesAnUnknownOne() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let short = try await house.runtime.kinds(interface: "job_kind")
            #expect(short.contains { $0["id"] == "sleep" })
            #expect(try await house.runtime.kinds(interface: "arena.job_kind/1") == short)
            let error = await #expect(throws: Failure.self) { try await house.runtime.kinds(interface: "job_kinds") }
            #expect(error?.category == .invalidArgument)
            #expect(error?.hint?.contains("job_kind,") == true)
        }
    }

    @Test func namesTheLaneTypesThatThereAreWhenOneIsUnknown() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let error = await #expect(throws: UnknownKind.self) {
                try await house.runtime.registry.resolve(.laneEngine, "nonsense")
            }
            #expect(error?.message.hasPrefix("There is no lane type \"nonsense\"; there are: ") == true)
            #expect(error?.message.contains("replay") == true)
        }
    }
}
