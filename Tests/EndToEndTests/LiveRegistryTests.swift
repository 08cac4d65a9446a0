import ArenaCore
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// Plugins that come, change and go while Arena runs: nobody asks for a look, the registry follows by itself.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(2)))
struct LiveRegistryTests {
    @Test func aPluginIsSeenWhenItComesChangesAndGoes() async throws {
        try await TestHouse.withHouse { house in
            let registry = house.runtime.registry
            try await registry.watch()
            await registry.refresh()

            try house.place("corpus", defines: [], manifest: TestHouse.manifest())
            try await until(registry) { $0.plugin("corpus")?.state.name == "ready" }
            let first = try #require(await registry.snapshot.plugin("corpus")?.sha256)
            #expect(try await house.score(["a"], with: "corpus/obey").map(\.value) == [1])

            try house.place("corpus", defines: ["VALUE=0.25"], manifest: TestHouse.manifest())
            try await until(registry) {
                guard let plugin = $0.plugin("corpus") else { return false }
                return plugin.state.name == "ready" && plugin.sha256 != first
            }
            #expect(try await house.score(["a"], with: "corpus/obey").map(\.value) == [0.25])

            try FileManager.default.removeItem(atPath: house.home + "/plugins/corpus")
            try await until(registry) { $0.plugin("corpus") == nil }
            await #expect(throws: UnknownKind.self) { _ = try await house.score(["a"], with: "corpus/obey") }
        }
    }

    @Test func disablingAndTrustingTakeEffectAtOnce() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            try await house.runtime.registry.disable("corpus")
            #expect(try await house.status().state.name == "disabled")
            #expect(try await house.status().failure?.hint?.contains("arena plugin trust corpus") == true)
            try await house.runtime.registry.trust("corpus")
            #expect(try await house.status().state.name == "ready")
        }
    }

    @Test func aPluginThatNobodyGrantedWaitsAndAsksAgainWhenItsFilesChange() async throws {
        try await TestHouse.withHouse(trustsAll: false) { house in
            try await house.drop()
            let waiting = try await house.status()
            #expect(waiting.state.name == "needs grant")
            #expect(waiting.failure?.hint == "If you trust it: arena plugin trust corpus")
            let unknown = await #expect(throws: UnknownKind.self) {
                _ = try await house.score(["a"], with: "corpus/obey")
            }
            #expect(unknown?.code == "kind.not_ready")

            try await house.runtime.registry.trust("corpus")
            #expect(try await house.score(["a"], with: "corpus/obey").map(\.value) == [1])

            try await house.drop(defines: ["VALUE=0.25"])
            let changed = try await house.status()
            #expect(changed.state.name == "needs grant")
            #expect(changed.failure?.message.contains("other files") == true)
        }
    }

    @Test func aFolderWhoseIDIsTakenIsListedByItsPathWithWhoHasIt() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop("corpus")
            try house.place("second", from: "corpus.c", manifest: TestHouse.manifest())
            let changes = await house.runtime.registry.changes()
            await house.runtime.registry.refresh()
            for await snapshot in changes where snapshot.plugin("second")?.state.name == "refused" { break }
            let failure = try #require(try await house.status("second").failure)
            #expect(failure.code == "plugin.duplicate_id")
            #expect(
                failure.message.contains("plugins/second is already taken by")
                    && failure.message.contains("plugins/corpus"))
            #expect(failure.hint?.contains("another `id` into the manifest of \(house.home)/plugins/second") == true)
            // Who grants the id means the one that does not run yet.
            let error = await #expect(throws: Failure.self) { try await house.runtime.registry.trust("corpus") }
            #expect(error?.code == "plugin.duplicate_id")
        }
    }

    @Test func anUnknownPluginIsNamedWithThoseThatThereAre() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let error = await #expect(throws: (any Error).self) { try await house.runtime.registry.trust("nobody") }
            #expect("\(String(describing: error))".contains("nobody"))
        }
    }

    /// Follows the registry's changes until one is as wanted.
    private func until(_ registry: PluginRegistry, _ isWanted: (RegistrySnapshot) -> Bool) async throws {
        for await snapshot in await registry.changes() where isWanted(snapshot) { return }
        throw CancellationError()
    }
}
