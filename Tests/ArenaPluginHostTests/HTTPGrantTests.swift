import ArenaJSON
import ArenaPluginHost
import Testing

/// What `arena.http/1` of a manifest allows.
struct HTTPGrantTests {
    private func manifest(_ scope: JSONObject, network: JSONValue = "none") throws -> PluginManifest {
        var scope = scope
        scope["id"] = "arena.http/1"
        let manifest: JSONValue = [
            "id": "demo", "version": "1.0.0", "abi": "1.0", "library": "demo.so", "services": [.object(scope)],
            "provides": [
                ["interface": "arena.job_kind/1", "id": "work", "capabilities": ["network": network]]
            ],
        ]
        return try PluginManifest(
            try ManifestDocument(manifest.bytes(), path: "demo/plugin.json", form: .json), isFirstParty: false)
    }

    private func grant(_ scope: JSONObject, network: JSONValue = "none") throws -> HTTPGrant {
        let manifest = try manifest(scope, network: network)
        let plugin = ReadyPlugin(
            manifest: manifest, sha256: "0", folder: "/", library: nil, isFirstParty: false, mayRunInHost: false,
            sandbox: .full)
        return HTTPGrant(ResolvedKind(plugin: plugin, kind: manifest.provides[0]))
    }

    @Test func aNameWithoutAPortStandsForThoseOfTheWeb() throws {  // [HTTP-3]
        let grant = try grant(["hosts": ["a.example", "b.example:8080", "[::1]:9000"]])
        #expect(grant.allows(host: "a.example", port: 443) && grant.allows(host: "a.example", port: 80))
        #expect(!grant.allows(host: "a.example", port: 8080))
        #expect(grant.allows(host: "b.example", port: 8080) && !grant.allows(host: "b.example", port: 443))
        #expect(grant.allows(host: "::1", port: 9000) && !grant.allows(host: "::1", port: 80))
        #expect(!grant.allows(host: "sub.a.example", port: 443) && !grant.allows(host: "a.example.evil", port: 443))
        #expect(!grant.allowsLoopback && !grant.allowsPrivate)
    }

    @Test func theHostsOfTheKindCountToo() throws {
        let grant = try grant([:], network: ["c.example:8000"])
        #expect(grant.allows(host: "c.example", port: 8000))
        #expect(!grant.allows(host: "c.example", port: 443))
    }

    @Test func nothingIsReachedWithoutAHost() throws {
        #expect(try !grant([:]).allows(host: "a.example", port: 443))
    }

    @Test func theWholeNetworkIsNotEnoughForASecret() throws {  // [HTTP-2]
        let grant = try grant(["hosts": ["a.example"], "secrets": ["KEY"]], network: "any")
        #expect(grant.allows(host: "b.example", port: 1234))
        #expect(grant.allows(secret: "KEY", host: "a.example", port: 443))
        #expect(!grant.allows(secret: "KEY", host: "b.example", port: 443))
        #expect(!grant.allows(secret: "OTHER", host: "a.example", port: 443))
    }

    @Test func theUserIsAskedInWords() throws {
        let asks = PluginAsks(
            try manifest(["hosts": ["a.example"], "secrets": ["KEY"], "addresses": ["loopback", "private"]]))
        #expect(
            asks.services.map(PluginAsks.words) == [
                "send HTTP requests through Arena", "reach servers on this machine",
                "reach servers on the local network", "send HTTP requests to a.example",
                "have the secret KEY sent to those hosts",
            ])
    }

    @Test(
        arguments: [
            ["hosts": ["http://a"]], ["hosts": ["A.example"]], ["hosts": ["*.example"]], ["hosts": [""]],
            ["hosts": "a.example"], ["addresses": ["metadata"]], ["addresses": [1]],
        ] as [JSONObject])
    func aScopeThatFitsNothingIsAnError(_ scope: JSONObject) {
        #expect(throws: PluginError.self) { try manifest(scope) }
    }
}
