import ArenaCore
import ArenaJSON
import ArenaPluginHost
import Glibc
import Testing

@Suite("Grants")
struct GrantTests {
    private let home: TestFolder
    private let file: GrantFile
    private let now = Timestamp(unixMilliseconds: 1_795_000_000_000)

    init() throws {
        home = try TestFolder()
        file = GrantFile(home: home("home"))
        try home.plugin("plugins/a", id: "demo", extra: "\"services\": [\"arena.job/1\"]")
    }

    private func plugin() throws -> (PluginManifest, PluginContent) {
        let found = try #require(PluginScanner(home: home("plugins")).scan().candidates.first)
        return (try #require(found.manifest), try #require(found.content))
    }

    @Test func asksBeforeAnythingWasGranted() throws {
        let (manifest, content) = try plugin()
        let decision = try file.read().decide(manifest, content, isFirstParty: false)
        guard case .needsGrant(let request) = decision else { return #expect(Bool(false), "\(decision)") }
        #expect(request.previous == nil && request.added == ["arena.job/1"] && request.removed.isEmpty)
        #expect(!decision.mayRun && !decision.mayRunInHost)
        let refusal = try #require(decision.refusal(of: "demo"))
        #expect(refusal.code == "plugin.not_granted" && refusal.category == .permissionDenied)
        #expect(refusal.message.contains("store records of its own jobs"))
        #expect(refusal.hint?.contains("arena plugin trust demo") == true)
    }

    @Test func remembersAGrantForTheseVeryFiles() throws {
        let (manifest, content) = try plugin()
        let grant = try file.update { $0.grant(manifest, content, at: now) }
        #expect(grant.grantedAt == now.description && grant.isolation == .child)
        let decision = try GrantFile(home: home("home")).read().decide(manifest, content, isFirstParty: false)
        #expect(decision == .granted(grant))
        #expect(decision.mayRun && !decision.mayRunInHost && decision.refusal(of: "demo") == nil)
    }

    @Test func letsRunInTheHostOnlyWhatWasGrantedSo() throws {
        let (manifest, content) = try plugin()
        try file.update { $0.grant(manifest, content, isolation: .host, at: now) }
        let lock = try file.read()
        #expect(lock.decide(manifest, content, isFirstParty: false).mayRunInHost)
        #expect(PluginLock().decide(manifest, content, isFirstParty: true).mayRunInHost)
        let trusted = PluginLock().decide(manifest, content, isFirstParty: false, trustsAll: true)
        #expect(trusted == .trustAll && trusted.mayRun && !trusted.mayRunInHost)
    }

    @Test func asksAgainAndShowsTheDifferenceWhenFilesChange() throws {
        let (manifest, content) = try plugin()
        try file.update { $0.grant(manifest, content, at: now) }
        try home.plugin(
            "plugins/a", id: "demo", version: "2.0.0",
            extra: "\"services\": [{\"id\": \"arena.views/1\", \"views\": [\"bench\"]}]")
        let (changed, other) = try plugin()
        let decision = try file.read().decide(changed, other, isFirstParty: false)
        guard case .needsGrant(let request) = decision else { return #expect(Bool(false), "\(decision)") }
        #expect(request.previous?.version == "1.0.0" && request.previous?.hash == content.hash)
        #expect(request.added == ["arena.views/1", "arena.views/1 views: bench"] && request.removed == ["arena.job/1"])
        #expect(request.summary.contains("now asks also to read named views of the store, read the view bench"))
        #expect(request.summary.contains("no longer asks to store records"))
        // The old files are still granted: a running job goes on.
        #expect(try file.read().decide(manifest, content, isFirstParty: false).mayRun)
    }

    @Test func aChangedByteAloneAsksAgain() throws {
        let (manifest, content) = try plugin()
        try file.update { $0.grant(manifest, content, at: now) }
        try home.write("plugins/a/data.txt", "x")
        let (same, other) = try plugin()
        #expect(same == manifest && other.hash != content.hash)
        let decision = try file.read().decide(same, other, isFirstParty: false)
        #expect(decision.refusal(of: "demo")?.message.contains("asks for the same as before") == true)
    }

    @Test func disablingWinsOverEverythingAndTrustUndoesIt() throws {
        let (manifest, content) = try plugin()
        try file.update {
            $0.grant(manifest, content, at: now)
            $0.disable("demo", at: now)
            $0.disable("demo", at: now + .seconds(9))
        }
        var lock = try file.read()
        for isFirstParty in [false, true] {
            let decision = lock.decide(manifest, content, isFirstParty: isFirstParty, trustsAll: true)
            #expect(decision == .disabled(DisabledPlugin(id: "demo", since: now.description)))
            #expect(decision.refusal(of: "demo")?.code == "plugin.disabled")
        }
        lock.enable("demo")
        #expect(lock.decide(manifest, content, isFirstParty: false).mayRun)
        lock.disable("demo", at: now)
        lock.grant(manifest, content, at: now)
        #expect(lock.decide(manifest, content, isFirstParty: false).mayRun)
        lock.revoke("demo")
        #expect(!lock.decide(manifest, content, isFirstParty: false).mayRun)
    }

    @Test func firstPartyPluginsNeedNone() throws {
        let (manifest, content) = try plugin()
        #expect(PluginLock().decide(manifest, content, isFirstParty: true) == .firstParty)
    }

    @Test func writesAReadableFileThatOnlyItsOwnerReads() throws {
        let (manifest, content) = try plugin()
        try file.update { $0.grant(manifest, content, at: now) }
        #expect(home.permissions("home/plugins.lock") == 0o600)
        #expect(home.permissions("home") == 0o700)
        let document = try JSONValue(parsing: home.read("home/plugins.lock"))
        #expect(
            document["plugins"]?[0] == [
                "id": "demo", "version": "1.0.0", "sha256": .string(content.hash), "capabilities": [],
                "services": ["arena.job/1"], "isolation": "child", "granted_at": .string(now.description),
            ])
    }

    @Test func writesNothingWhenNothingChanges() throws {
        try file.update { $0.revoke("nobody") }
        #expect(home.permissions("home/plugins.lock") == nil)
        var failed: PluginError?
        do throws(PluginError) {
            try file.update { lock throws(PluginError) in
                lock.disable("demo", at: now)
                throw PluginError(.disabled, "no")
            }
        } catch {
            failed = error
        }
        #expect(failed?.reason == .disabled)
        #expect(try file.read() == PluginLock())
    }

    @Test(arguments: [
        "", "{", "[]", "{\"version\": 2}", "{\"version\": 1, \"plugins\": [{}]}",
        "{\"version\": 1, \"plugins\": [], \"plugins\": []}", "{\"version\": 1, \"disabled\": [3]}",
        "{\"version\": 1, \"plugins\": [{\"id\": \"demo\", \"version\": \"1\", \"sha256\": \"zz\"}]}",
        "{\"version\": 1, \"plugins\": {}}", "{\"version\": 1, \"disabled\": \"all\"}",
    ])
    func grantsNothingAndKeepsAFileItCannotUnderstand(text: String) throws {
        try home.write("home/plugins.lock", text, mode: 0o600)
        let (manifest, content) = try plugin()
        let reading = #expect(throws: PluginError.self) { try file.read() }
        let writing = #expect(throws: PluginError.self) { try file.update { $0.grant(manifest, content, at: now) } }
        for error in [reading, writing] {
            #expect(error?.code == "plugin.lock_invalid" && error?.hint != nil)
            #expect(error?.message.contains(file.path) == true)
        }
        #expect(try home.read("home/plugins.lock") == Array(text.utf8))
    }

    @Test func distrustsAFileThatOthersCanWrite() throws {
        try file.update { $0.disable("demo", at: now) }
        chmod(file.path, 0o666)
        #expect { try file.read() } throws: { ($0 as? PluginError)?.reason == .unsafePermissions }
        home.remove("home/plugins.lock")
        try home.link("home/plugins.lock", to: "/dev/null")
        #expect { try file.read() } throws: { ($0 as? PluginError)?.reason == .lockInvalid }
    }

    @Test func losesNoChangeOfManyWriters() async throws {
        let home = home("home")
        let now = now
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
                group.addTask {
                    // Each with a descriptor of its own, as separate processes have.
                    for step in 0..<5 {
                        try? GrantFile(home: home).update { $0.disable("p\(index)-\(step)", at: now) }
                    }
                }
            }
        }
        #expect(try file.read().disabled.count == 40)
    }

    @Test func namesEveryAskInWords() {
        let tokens = [
            "gpu", "network: any", "network: api.example.com", "isolation: host", "export: answer/1", "arena.lanes/1",
            "arena.http/1 hosts: example.com",
        ]
        #expect(tokens.allSatisfy { PluginAsks.words(for: $0) != $0 })
        #expect(PluginAsks.words(for: "arena.teleport/1") == "arena.teleport/1")
    }
}
