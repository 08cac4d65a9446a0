import ArenaCore
import ArenaPluginWire
import ArenaTestSupport
import Testing

struct RefusalTests {
    private func refusal(
        _ source: String, _ defines: [String] = [], id: String, version: String = "1.0.0"
    ) throws -> Failure? {
        let plugin = try CompiledPlugin.shared(source, defines: defines)
        return #expect(throws: Failure.self) { _ = try WorkerSession(plugin, id: id, version: version) }
    }

    @Test func anotherMajorVersionIsRefusedWithTheCure() throws {
        let failure = try refusal(
            "variants.c", ["MAJOR=2", "ENTRY_NAME=arena_plugin_entry_v2"], id: "variants", version: "0.1.0")
        #expect(failure?.code == "plugin.abi_mismatch")
        #expect(failure?.category == .failedPrecondition)
        #expect(failure?.hint?.contains("Rebuild") == true)
    }

    @Test func missingEntryIsRefused() throws {
        #expect(try refusal("variants.c", ["NO_ENTRY"], id: "variants")?.code == "plugin.no_entry")
    }

    @Test func manifestThatLiesIsRefused() throws {
        let failure = try refusal("scorers.c", id: "scorers", version: "9.9.9")
        #expect(failure?.code == "plugin.manifest_mismatch")
        #expect(failure?.message.contains("1.2.3") == true)
        #expect(try refusal("scorers.c", id: "other", version: "1.2.3")?.code == "plugin.manifest_mismatch")
    }

    @Test func initThatFailsIsRefusedInItsWords() throws {
        let failure = try refusal("hostile.c", ["FAIL_INIT"], id: "hostile")
        #expect(failure?.code == "hostile.mood")
        #expect(failure?.message == "The plugin is not in the mood.")
        #expect(failure?.category == .unavailable)
    }

    @Test func libraryOutsideOfItsFolderIsNotLoaded() throws {
        let plugin = try CompiledPlugin.shared("scorers.c")
        let elsewhere = try CompiledPlugin.shared("variants.c")
        let failure = #expect(throws: Failure.self) {
            _ = try WorkerSession(plugin, id: "scorers", version: "1.2.3", sandbox: try .tests(elsewhere))
        }
        #expect(failure?.code == "plugin.load_failed")
    }
}
