import ArenaCore
package import ArenaJSON
package import ArenaLanes

/// Everything that can be set, each value with its source. Flag beats variable beats `arena.yaml` beats default.
///
/// docs/CONFIGURATION.md describes every setting.
package struct Configuration: Sendable {
    package let home: Setting<ArenaHome>
    /// The address that the cockpit listens on.
    package let host: Setting<String>
    /// The port that the cockpit listens on; 0 lets the system choose.
    package let port: Setting<Int>
    /// The address that people use when a proxy stands before the cockpit; `nil` when there is none.
    package let publicURL: Setting<String?>
    /// Plugin directories besides the bundled one and the home's.
    package let pluginDirectories: Setting<[String]>
    package let pluginTrust: Setting<PluginTrust>
    /// Which plugin provides a kind that more than one offers: plugin id by kind.
    package let preferredPlugins: Setting<[String: String]>
    package let lanes: Setting<[LaneConfiguration]>
    /// ``lanes`` as the runtime takes them, and what every home has.
    let laneDefinitions: [LaneDefinition]
    /// How many jobs run at once.
    package let parallelJobs: Setting<Int>
    /// How many jobs that need the GPU run at once.
    package let gpuJobs: Setting<Int>
    /// After so many seconds of silence a job is taken from a host of which nothing else can be told. The same for all
    /// processes of a home.
    package let leaseSeconds: Setting<Int>
    /// For how many days after their end jobs are kept; 0: for ever.
    package let keepDays: Setting<Int>
    /// What is ruled for kinds of job, by name; it beats their manifests.
    package let jobKinds: Setting<[String: JobRules.KindRule]>
    /// How many jobs may use a lane at once, by its id.
    package let jobLanes: Setting<[String: Int]>
    /// The secrets of the home and of the variables `ARENA_SECRET_…`.
    package let secrets: Secrets

    /// What happens to a plugin that nobody has granted anything yet.
    package enum PluginTrust: String, Sendable, CaseIterable {
        /// It waits for `arena plugin trust`.
        case ask
        /// It is granted what it asks for: for a box that only its operator can write to.
        case all
    }

    /// Values that were given on the command line.
    package struct Flags: Sendable {
        package var home: String?
        package var host: String?
        package var port: Int?

        package init(home: String? = nil, host: String? = nil, port: Int? = nil) {
            self.home = home
            self.host = host
            self.port = port
        }
    }

    /// Reads the configuration. A home or an `arena.yaml` that is not there is as good as an empty one.
    ///
    /// Blocks while it reads one small file.
    ///
    /// - Throws: ``ConfigurationError`` naming file, line, column and cure, for the first thing that is wrong.
    package init(flags: Flags = Flags(), environment: [String: String]) throws(ConfigurationError) {
        home = try ArenaHome.locate(flag: flags.home, environment: environment)
        let file = try ConfigurationFile(path: home.value.configurationFile)
        let reader = ConfigurationReader(file: file, environment: environment, base: home.value.path)
        try file.checkKeys()
        host = try reader.read(.host, flag: flags.host)
        port = try reader.read(.port, flag: flags.port.map(String.init))
        publicURL = try reader.read(.publicURL)
        pluginDirectories = try reader.read(.pluginDirectories(reader))
        pluginTrust = try reader.read(.pluginTrust)
        preferredPlugins = try reader.read(.preferredPlugins)
        lanes = try reader.read(.lanes(reader))
        laneDefinitions = file.definitions(of: lanes.value)
        parallelJobs = try reader.read(.parallelJobs)
        gpuJobs = try reader.read(.gpuJobs)
        leaseSeconds = try reader.read(.leaseSeconds)
        keepDays = try reader.read(.keepDays)
        jobKinds = try reader.read(.jobKinds)
        jobLanes = try reader.read(.jobLanes)
        secrets = Secrets(home: home.value.path, environment: environment)
    }

    /// Every setting with its value and source, for people and for the cockpit: `[{key, value, source}]`.
    package var listing: JSONValue {
        func entry(_ setting: Setting<some Sendable>, _ value: JSONValue) -> JSONValue {
            ["key": .string(setting.key), "value": value, "source": .string(setting.source.description)]
        }
        return [
            entry(home, .string(home.value.path)),
            entry(host, .string(host.value)),
            entry(port, JSONValue(port.value)),
            entry(publicURL, publicURL.value.map(JSONValue.string) ?? .null),
            entry(pluginDirectories, .array(pluginDirectories.value.map(JSONValue.string))),
            entry(pluginTrust, .string(pluginTrust.value.rawValue)),
            entry(
                preferredPlugins,
                .object(
                    JSONObject(preferredPlugins.value.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
            ),
            entry(lanes, .array(lanes.value.map(\.listing))),
            entry(parallelJobs, JSONValue(parallelJobs.value)),
            entry(gpuJobs, JSONValue(gpuJobs.value)),
            entry(leaseSeconds, JSONValue(leaseSeconds.value)),
            entry(keepDays, JSONValue(keepDays.value)),
            entry(jobKinds, .object(JSONObject(jobKinds.value.sorted { $0.key < $1.key }.map { ($0, $1.json) }))),
            entry(jobLanes, .object(JSONObject(jobLanes.value.sorted { $0.key < $1.key }.map { ($0, JSONValue($1)) }))),
        ]
    }
}

/// A lane that `arena.yaml` names.
package struct LaneConfiguration: Sendable, Hashable {
    package var id: String
    /// The lane type, a kind that some plugin provides: short or full name.
    package var type: String
    /// What the lane type takes, checked against its schema when the lane is made.
    package var config: JSONValue
    /// For people; the id when there is none.
    package var title: String
    /// Where its server is, for a lane type that speaks to one.
    package var baseURL: String?
    /// Asked for where a request names no model.
    package var model: String?
    /// Sent with every request; values may hold `${secret:NAME}`.
    package var headers: [LaneHeader] = []
    /// The longest that one request may take, in milliseconds.
    package var timeoutMilliseconds: Int?
    /// The absolute path of the certificates that are trusted in place of the system's.
    package var certificateFile: String?

    package init(id: String, type: String, config: JSONValue = [:], title: String? = nil) {
        self.id = id
        self.type = type
        self.config = config
        self.title = title ?? id
    }

    /// The lane without its configuration and headers, which may hold what is not for every eye.
    var listing: JSONValue {
        var members: JSONObject = ["id": .string(id), "type": .string(type), "title": .string(title)]
        if let baseURL { members["base_url"] = .string(baseURL) }
        if let model { members["model"] = .string(model) }
        return .object(members)
    }
}
