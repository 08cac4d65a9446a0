import ArenaCore
import ArenaJSON
import ArenaRuntime
import Testing

/// Where a value comes from.
struct ConfigurationPrecedenceTests {
    @Test func hasDefaultsWithoutAnyFile() throws {
        try TemporaryHome.with { home in
            let configuration = try Configuration(environment: home.environment)
            #expect(configuration.host.value == "127.0.0.1")
            #expect(configuration.port.value == 7866)
            #expect(configuration.publicURL.value == nil)
            #expect(configuration.pluginTrust.value == .ask)
            #expect(configuration.lanes.value.isEmpty)
            #expect(configuration.parallelJobs.source == .default)
            #expect(configuration.keepDays.value == 90)
            #expect(configuration.home.source == .environment("ARENA_HOME"))
        }
    }

    @Test(arguments: ["", "# nothing set\n", "plugins:\n"])
    func takesAFileThatSetsNothing(yaml: String) throws {
        try TemporaryHome.with(yaml: yaml) { home in
            let configuration = try Configuration(environment: home.environment)
            #expect(configuration.port.source == .default)
        }
    }

    @Test func prefersFlagToVariableToFileToDefault() throws {
        try TemporaryHome.with(yaml: "jobs: {parallel: 3}\nport: 1000\n") { home in
            let file = "\(home.path)/arena.yaml"
            var environment = home.environment
            var configuration = try Configuration(environment: environment)
            #expect(configuration.port.value == 1000)
            #expect(configuration.port.source == .file(file, line: 2, column: 7))
            environment["ARENA_PORT"] = "2000"
            configuration = try Configuration(environment: environment)
            #expect(configuration.port.value == 2000)
            #expect(configuration.port.source == .environment("ARENA_PORT"))
            configuration = try Configuration(flags: .init(port: 0), environment: environment)
            #expect(configuration.port.value == 0)
            #expect(configuration.port.source == .flag("--port"))
            #expect(configuration.parallelJobs.value == 3)
        }
    }

    @Test func countsAnEmptyVariableAsNone() throws {
        try TemporaryHome.with(yaml: "host: localhost") { home in
            let environment = home.environment.merging(["ARENA_HOST": ""]) { $1 }
            let configuration = try Configuration(environment: environment)
            #expect(configuration.host.value == "localhost")
        }
    }

    @Test func readsEverySetting() throws {
        let yaml = """
            host: 0.0.0.0
            server: {public_url: "https://arena.example:8443"}
            plugins:
              trust: all
              directories: [~/mine, beside, /abs]
              prefer: {exact_match: text}
            lanes:
              - {id: a, type: replay, title: The A}
              - id: b
                type: replay/replay
                config: {speed: 2}
            jobs:
              gpu: 2
              lease_s: 5
              keep_days: 0
              lanes: {a: 3}
              kinds: {eval_rerun: {concurrency: 1, max_attempts: 2, first_pause_ms: 50}}
            """
        try TemporaryHome.with(yaml: yaml) { home in
            let configuration = try Configuration(environment: home.environment)
            #expect(configuration.leaseSeconds.value == 5)
            #expect(configuration.gpuJobs.value == 2 && configuration.jobLanes.value == ["a": 3])
            #expect(configuration.keepDays.value == 0)
            let rule = try #require(configuration.jobKinds.value["eval_rerun"])
            #expect(rule.concurrency == 1 && rule.mostAttempts == 2 && rule.firstPause == .milliseconds(50))
            #expect(rule.longestPause == nil)
            #expect(configuration.publicURL.value == "https://arena.example:8443")
            #expect(configuration.pluginTrust.value == .all)
            #expect(configuration.pluginDirectories.value == ["/home/nobody/mine", "\(home.path)/beside", "/abs"])
            #expect(configuration.preferredPlugins.value == ["exact_match": "text"])
            #expect(
                configuration.lanes.value == [
                    LaneConfiguration(id: "a", type: "replay", title: "The A"),
                    LaneConfiguration(id: "b", type: "replay/replay", config: ["speed": 2]),
                ]
            )
        }
    }

    @Test func listsEverySettingWithItsSourceButNoLanesConfiguration() throws {
        try TemporaryHome.with(yaml: "lanes: [{id: a, type: t, config: {key: sk-123}}]") { home in
            let configuration = try Configuration(environment: home.environment)
            let listing = configuration.listing
            #expect(listing[2] == ["key": "port", "value": 7866, "source": "default"])
            #expect(listing[7]?["source"] == .string("\(home.path)/arena.yaml:1:8"))
            #expect(!listing.text().contains("sk-123"))
        }
    }
}

/// What is wrong, where, and what cures it.
struct ConfigurationErrorTests {
    @Test(arguments: [
        ("port: seven", "1:7: 'port' must be a whole number from 0 to 65535."),
        ("port: 65536", "1:7: 'port'"), ("port: 80.5", "1:7: 'port'"), ("port: [80]", "1:7: 'port'"),
        ("host: a b", "1:7: 'host'"), ("host: ''", "1:7: 'host'"),
        ("plugins:\n  trust: yes", "2:10: 'plugins.trust' must be 'ask' or 'all'."),
        ("plugins:\n  directories:\n    - /a\n    - 7", "4:7: 'plugins.directories[1]' must be a path."),
        ("plugins: {directories: /a}", "1:24: 'plugins.directories' must be a list"),
        ("plugins: {prefer: {x: NOT AN ID}}", "1:23: 'plugins.prefer.x' must be the id of a plugin."),
        ("plugins: all", "1:10: 'plugins' must be a mapping of settings."),
        ("server: {public_url: arena.example}", "1:22: 'server.public_url'"),
        ("server: {public_url: 'https://a/b'}", "1:22: 'server.public_url'"),
        ("jobs: {keep_days: -1}", "1:19: 'jobs.keep_days' must be a whole number from 0 to 36500."),
        ("jobs: {parallel: 0}", "1:18: 'jobs.parallel'"), ("jobs: {lanes: {a: 0}}", "1:19: 'jobs.lanes.a'"),
        ("jobs: {kinds: {k: 7}}", "1:19: 'jobs.kinds.k' must be a mapping of settings."),
        ("jobs: {kinds: {k: {concurrency: 0}}}", "1:33: 'jobs.kinds.k.concurrency' must be a whole number"),
        ("jobs: {kinds: {k: {speed: 1}}}", "1:27: 'jobs.kinds.k.speed' must be one of concurrency,"),
        ("lanes: {a: b}", "1:8: 'lanes' must be a list of lanes."),
        ("lanes:\n  - id: a\n", "2:5: 'lanes[0]' must be a lane with the name of a lane type."),
        ("lanes:\n  - type: a\n", "2:5: 'lanes[0]'"),
        ("lanes: [{id: A, type: t}]", "1:14: 'lanes[0].id'"),
        ("lanes: [{id: a, type: t}, {id: a, type: t}]", "1:32: 'lanes[1].id'"),
        ("lanes: [{id: a, type: t, config: 7}]", "1:34: 'lanes[0].config'"),
        ("lanes: [{id: a, type: t, ca_file: 7}]", "1:35: 'lanes[0].ca_file' must be the path of a file"),
        ("lanes: [{id: a, type: t, colour: red}]", "1:26: there is no setting 'lanes[0].colour'."),
        ("prot: 80", "1:1: there is no setting 'prot'."), ("port: 1\nport: 2", "2:1: "),
        ("port: [", "1:"), ("- port", "1:1: expected"), ("7", "1:1: expected"),
    ])
    func namesThePlaceAndTheRule(yaml: String, message: String) throws {
        try TemporaryHome.with(yaml: yaml) { home in
            let error = #expect(throws: ConfigurationError.self) { try Configuration(environment: home.environment) }
            let text = try #require(error).message
            #expect(text.hasPrefix("\(home.path)/arena.yaml:\(message)"), "\(text)")
            #expect(error?.category.exitStatus == 78)
        }
    }

    @Test func proposesTheSettingThatWasMeant() throws {
        try TemporaryHome.with(yaml: "plugins: {trsut: all}") { home in
            let error = #expect(throws: ConfigurationError.self) { try Configuration(environment: home.environment) }
            #expect(error?.hint == "Did you mean 'trust'?")
        }
    }

    @Test func namesTheVariableOrTheFlag() throws {
        try TemporaryHome.with { home in
            let environment = home.environment.merging(["ARENA_PORT": "x"]) { $1 }
            var error = #expect(throws: ConfigurationError.self) { try Configuration(environment: environment) }
            #expect(error?.message.hasPrefix("ARENA_PORT: 'port' must be") == true)
            error = #expect(throws: ConfigurationError.self) {
                try Configuration(flags: .init(port: 70_000), environment: environment)
            }
            #expect(error?.message.hasPrefix("--port: 'port' must be") == true)
            #expect(error?.category.exitStatus == 64, "the command is wrong, not the setting-up")
        }
    }

    @Test func refusesAFileThatOthersCanWrite() throws {
        try TemporaryHome.with { home in
            try home.write("port: 80", to: "arena.yaml", mode: 0o666)
            let error = #expect(throws: ConfigurationError.self) { try Configuration(environment: home.environment) }
            #expect(error?.code == "configuration.writable_by_others")
            #expect(error?.hint == "Run: chmod o-w \(home.path)/arena.yaml")
        }
    }

    @Test func refusesAFileThatIsTooLarge() throws {
        try TemporaryHome.with(yaml: String(repeating: "# padding\n", count: 110_000)) { home in
            let error = #expect(throws: ConfigurationError.self) { try Configuration(environment: home.environment) }
            #expect(error?.code == "configuration.too_large")
        }
    }
}
