import ArenaCore
import ArenaJSON
import ArenaPluginHost
import Testing

private func manifest(_ text: String, isFirstParty: Bool = false) throws(PluginError) -> PluginManifest {
    let document = try ManifestDocument(Array(text.utf8), path: "demo/plugin.json", form: .json)
    return try PluginManifest(document, isFirstParty: isFirstParty)
}

/// A sound manifest with members replaced or added; `null` leaves one out.
private func manifest(with members: JSONObject) throws(PluginError) -> PluginManifest {
    var object: JSONObject = [
        "id": "demo", "version": "1.0.0", "abi": "1.0", "library": "demo.so",
        "provides": [["interface": "arena.scorer/1", "id": "score"]],
    ]
    for (key, value) in members { object[key] = value.isNull ? nil : value }
    return try manifest(JSONValue.object(object).text())
}

@Suite("Plugin manifest")
struct ManifestTests {
    @Test func readsEveryMember() throws {
        let found = try manifest(
            """
            {"id": "demo", "version": "1.0.0", "abi": "1.3", "title": "Demo", "license": "MIT", "description": "d",
             "library": {"linux-x86_64": "a.so", "linux-aarch64": "a.so", "plan9-mips": "b.so"},
             "provides": [
               {"interface": "arena.scorer/1", "id": "score", "aliases": ["grade"], "title": "Score",
                "description": "x", "schema": {"type": "object"},
                "capabilities": {"gpu": true, "network": ["api.example.com:443"],
                                 "timeout_ms": {"default": 5, "max": 10}, "memory_mb": 256,
                                 "pure": true, "isolation": "host"}},
               {"interface": "arena.job_kind/1", "id": "score",
                "capabilities": {"concurrency": 2, "retry": {"max_attempts": 4, "first_pause_ms": 100}}}],
             "services": ["arena.job/1", {"id": "arena.views/1", "views": ["bench"]}],
             "record_types": {"answer/1": {"schema": true, "visibility": "export"}, "note/1": {}},
             "examples": [{"scorer": "grade", "output": "a", "reference": "a", "value": 1}]}
            """)
        #expect(found.warnings.isEmpty)
        #expect(found.abi == ABIVersion(major: 1, minor: 3))
        #expect(found.library == "a.so")
        #expect([found.title, found.license, found.description] == ["Demo", "MIT", "d"])
        let kind = try #require(found.provides.first)
        #expect(kind.interface == .scorer && kind.aliases == ["grade"] && kind.title == "Score" && kind.isSupported)
        #expect(kind.capabilities.needsGPU && kind.capabilities.isPure && !kind.capabilities.isResumable)
        #expect(kind.capabilities.network == .hosts(["api.example.com:443"]))
        #expect(kind.capabilities.timeout.standard == .milliseconds(5))
        #expect(kind.capabilities.timeout.longest == .milliseconds(10))
        #expect(kind.capabilities.memory == .mebibytes(256) && kind.capabilities.isolation == .host)
        let job = try #require(found.provides.last).capabilities
        #expect(job.concurrency == 2 && job.retry.mostAttempts == 4)
        #expect(job.retry.firstPause == .milliseconds(100) && job.retry.longestPause == nil)
        #expect(found.services.map(\.id.description) == ["arena.job/1", "arena.views/1"])
        #expect(found.services.last?.names("views") == ["bench"])
        #expect(found.recordTypes.map(\.visibility) == [.export, .private])
        #expect(found.examples.first?.scorer == "score" && found.examples.first?.tolerance == 1e-9)
    }

    @Test func needsLittle() throws {
        let found = try manifest(with: [:])
        #expect(found.title == "demo" && found.license == nil && found.provides.first?.title == "score")
        #expect(found.provides.first?.capabilities == Capabilities())
        #expect(try manifest(with: ["version": 1.5, "abi": 1]).version == "1.5")
    }

    @Test func namesLineAndColumnOfASyntaxError() {
        #expect {
            try manifest("{\"id\": \"demo\",\n  \"id\": 2}")
        } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.code == "plugin.manifest_invalid"
                && error.message.hasPrefix("demo/plugin.json, line 2, column ")
        }
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(throws: PluginError.self) { try manifest("{\"id\": \"demo\", \"x\": \(deep)}") }
    }

    @Test func namesAMisspeltMemberItsPlaceAndTheNearOne() throws {
        func yaml(_ text: String) throws(PluginError) -> PluginManifest {
            let document = try ManifestDocument(Array(text.utf8), path: "demo/plugin.yaml", form: .yaml)
            return try PluginManifest(document, isFirstParty: false)
        }
        let error = #expect(throws: PluginError.self) { try yaml("id: demo\nversion: 1.0.0\nffi_scorer: []\n") }
        #expect(
            error?.message == "demo/plugin.yaml, line 3, column 1: the plugin provides nothing, and there is no member "
                + "`ffi_scorer`. Did you mean `ffi_scorers`?")
        let found = try yaml("id: demo\nversion: 1.0.0\nlicens: MIT\nrubrics: [a.yaml]\n")
        #expect(
            found.warnings
                == ["demo/plugin.yaml, line 3, column 1: unknown member `licens`, ignored. Did you mean `license`?"])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var members: JSONObject
        var message: String
        init(_ members: JSONObject, _ message: String) {
            self.members = members
            self.message = message
        }
        var testDescription: String { message }
    }

    @Test(arguments: [
        Fault(["id": nil], "`id` is missing"),
        Fault(["id": 3], "at /id: `id` must be text, not a number"),
        Fault(["id": "Demo"], "is no name"),
        Fault(["id": "a/b"], "is no name"),
        Fault(["id": "../x"], "is no name"),
        Fault(["version": nil], "`version` is missing"),
        Fault(["version": "1 0"], "at /version"),
        Fault(["version": ""], "at /version"),
        Fault(["abi": nil], "`abi` is missing"),
        Fault(["abi": "one"], "at /abi"),
        Fault(["library": nil], "`library` is missing"),
        Fault(["library": "../x.so"], "must be a path inside the plugin's folder"),
        Fault(["library": "/usr/lib/libc.so.6"], "must be a path inside the plugin's folder"),
        Fault(["library": ""], "must be a path inside the plugin's folder"),
        Fault(["provides": nil, "library": nil], "provides nothing"),
        Fault(["provides": []], "provides nothing"),
        Fault(["provides": "scorer"], "at /provides: `provides` must be a list, not text"),
        Fault(["provides": [1]], "at /provides/0: An element of `provides` must be an object, not a number"),
        Fault(["provides": [["id": "x"]]], "at /provides/0: `interface` is missing"),
        Fault(["provides": [["interface": "scorer", "id": "x"]]], "is no interface id"),
        Fault(["provides": [["interface": "arena.scorer/0", "id": "x"]]], "is no interface id"),
        Fault(["provides": [["interface": "arena.scorer/1"]]], "`id` is missing"),
        Fault(
            ["provides": [["interface": "arena.scorer/1", "id": "x"], ["interface": "arena.scorer/1", "id": "x"]]],
            "at /provides/1: the name \"x\" is used twice for arena.scorer/1"),
        Fault(["provides": [["interface": "arena.scorer/1", "id": "x", "aliases": ["x"]]]], "used twice"),
        Fault(["provides": [["interface": "arena.scorer/1", "id": "x", "schema": "no"]]], "/provides/0/schema"),
        Fault(
            ["provides": [["interface": "arena.scorer/1", "id": "x", "schema": ["type": "wood"]]]],
            "at /provides/0/schema/type: `schema` is no schema"),
        Fault(["record_types": ["a/1": ["schema": ["pattern": "("]]]], "at /record_types/a~11/schema/pattern"),
        Fault(["services": [["views": ["a"]]]], "at /services/0: `id` is missing"),
        Fault(["services": ["job"]], "is no service id"),
        Fault(["services": ["arena.job/1", "arena.job/1"]], "listed twice"),
        Fault(["services": ["arena.views/1"]], "needs the names of the views"),
        Fault(["services": [["id": "arena.views/1", "views": [1]]]], "at /services/0/views/0"),
        Fault(["record_types": ["answer": [:]]], "is no record type"),
        Fault(["record_types": ["answer/1": ["visibility": "all"]]], "/record_types/answer~11/visibility"),
        Fault(["examples": [["value": 1]]], "`output` is missing"),
        Fault(["examples": [["output": "x"]]], "`value` is missing"),
        Fault(["examples": [["scorer": "other", "output": "x", "value": 1]]], "is no scorer of this plugin"),
        Fault(["examples": [["output": "x", "value": 1, "tolerance": -1]]], "must not be negative"),
    ])
    func saysWhatIsWrongAndWhere(fault: Fault) {
        #expect {
            try manifest(with: fault.members)
        } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.reason == .manifestInvalid && error.message.contains(fault.message)
                && error.message.hasPrefix("demo/plugin.json") && error.hint != nil
        }
    }

    @Test(arguments: [
        ("{\"gpu\": 1}", "`gpu` must be true or false"),
        ("{\"network\": \"all\"}", "`network` must be"),
        ("{\"network\": [\"http://x\"]}", "is no host"),
        ("{\"network\": [\"x:0\"]}", "is no host"),
        ("{\"timeout_ms\": {\"default\": 10, \"max\": 5}}", "is more than `max`"),
        ("{\"timeout_ms\": {\"default\": 0}}", "whole number from 1"),
        ("{\"memory_mb\": 0.5}", "whole number from 1"),
        ("{\"isolation\": \"none\"}", "\"host\" or \"child\""),
    ])
    func refusesImpossibleCapabilities(text: String, message: String) throws {
        let capabilities = try JSONValue(parsing: text)
        let kind: JSONValue = ["interface": "arena.scorer/1", "id": "x", "capabilities": capabilities]
        #expect {
            try manifest(with: ["provides": [kind]])
        } throws: { error in
            (error as? PluginError)?.message.contains(message) == true
        }
    }

    @Test func warnsOfUnknownMembersAndKeepsGoing() throws {
        let kind: JSONValue = [
            "interface": "arena.scorer/1", "id": "x", "colour": "red", "capabilities": ["wings": true],
        ]
        let found = try manifest(with: ["provides": [kind], "a/b": 1])
        #expect(
            found.warnings == [
                "demo/plugin.json, at /provides/0/capabilities/wings: unknown member `wings`, ignored.",
                "demo/plugin.json, at /provides/0/colour: unknown member `colour`, ignored.",
                "demo/plugin.json, at /a~1b: unknown member `a/b`, ignored.",
            ])
    }

    @Test func listsKindsOfUnknownInterfacesAsUnsupported() throws {
        let found = try manifest(with: [
            "provides": [
                ["interface": "arena.scorer/2", "id": "a"], ["interface": "acme.thing/1", "id": "b"],
                ["interface": "arena.exporter/1", "id": "c"],
            ]
        ])
        #expect(found.provides.map(\.isSupported) == [false, false, true])
        #expect(found.provides[0].unsupportedReason == "this Arena knows arena.scorer/1, not revision 2")
        #expect(found.warnings.count == 2)
    }

    @Test func needsNeitherLibraryNorABIForScorersWithoutCode() throws {
        let found = try manifest(
            "{\"id\": \"d\", \"version\": \"1\", \"exec_scorers\": [{\"id\": \"s\", \"command\": [\"python3\"],"
                + " \"examples\": [{\"output\": \"a\", \"score\": 1}]}]}")
        #expect(found.provides.map(\.id) == ["s"] && found.library == nil && found.abi == nil)
        #expect(found.provides.first?.isSupported == true)
    }

    @Test func warnsOfUnknownServices() throws {
        let found = try manifest(with: ["services": ["arena.teleport/1"]])
        #expect(found.services.first?.isKnown == false)
        #expect(found.warnings.count == 1)
    }

    @Test func warnsOfAServiceThatNothingOfItCanHave() throws {
        let http: JSONValue = ["id": "arena.http/1", "hosts": ["example.org"]]
        let exporter: JSONValue = ["interface": "arena.exporter/1", "id": "x"]
        let warnings = try manifest(with: ["provides": [exporter], "services": [http, "arena.clock/1"]]).warnings
        #expect(
            warnings == [
                "demo/plugin.json: arena.http/1 is of no use here: nothing that this plugin provides can have it, only "
                    + "scorer, job_kind, lane_type.engine."
            ])
        for interface in ["arena.job_kind/1", "arena.scorer/1", "arena.lane_type.engine/1"] {
            let other: JSONValue = ["interface": .string(interface), "id": "y"]
            #expect(try manifest(with: ["provides": [exporter, other], "services": [http]]).warnings.isEmpty)
        }
    }

    @Test(arguments: [("2.0", "Update Arena"), ("0.9", "Build the plugin again")])
    func refusesAnotherMajorWithWantedFoundAndCure(abi: String, cure: String) {
        // Checked first: the rest of such a manifest may look like anything.
        #expect {
            try manifest("{\"id\": \"demo\", \"version\": \"3\", \"abi\": \"\(abi)\", \"provides\": 7}")
        } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.code == "plugin.abi_mismatch" && error.category == .unsupported
                && error.message == "demo 3 is built for plugin ABI \(abi); this Arena wants 1.x (it speaks 1.0)."
                && error.hint?.contains(cure) == true
        }
    }

    @Test func keepsArenaNamesForFirstParty() throws {
        let text = """
            {"id": "arena.text", "version": "1", "abi": "1.0", "library": "a.so",
             "provides": [{"interface": "arena.scorer/1", "id": "arena.x"}]}
            """
        #expect(try manifest(text, isFirstParty: true).id == "arena.text")
        #expect { try manifest(text) } throws: { ($0 as? PluginError)?.reason == .reservedID }
        #expect {
            try manifest(with: ["provides": [["interface": "arena.scorer/1", "id": "x", "aliases": ["arena.y"]]]])
        } throws: {
            ($0 as? PluginError)?.reason == .reservedID
        }
    }

    @Test func saysForWhichPlatformsThereIsALibrary() {
        #expect {
            try manifest(with: ["library": ["plan9-mips": "x.so"]])
        } throws: { error in
            guard let error = error as? PluginError else { return false }
            return error.reason == .unsupportedPlatform && error.message.contains("only for plan9-mips")
                && error.message.contains(Platform.current)
        }
    }

    @Test func takesTheCarryingLibraryForANote() throws {
        let bytes =
            Array("{\"id\":\"a\",\"version\":\"1\",\"abi\":\"1.0\",\"library\":\"other.so\",".utf8)
            + Array("\"provides\":[{\"interface\":\"arena.scorer/1\",\"id\":\"s\"}]}".utf8)
        let document = try ManifestDocument(bytes, path: "liba.so", form: .note(library: "liba.so"))
        let found = try PluginManifest(document, isFirstParty: false)
        #expect(found.library == "liba.so")
        #expect(found.warnings.count == 1)
    }

    @Test func everyErrorCodeHasItsPrefixAndACategory() {
        for reason in PluginErrorCode.allCases {
            #expect(reason.rawValue.hasPrefix("plugin."))
            #expect(PluginError(reason, "x").category == reason.category)
        }
    }
}
