package import ArenaCore
package import ArenaLanes
package import ArenaPluginHost

/// What a runtime is made of, once the configuration has been read.
package struct RuntimeOptions: Sendable {
    /// `ARENA_HOME`, an absolute path.
    package var home: String
    /// In order of precedence; bundled first.
    package var pluginDirectories: [PluginDirectory]
    /// `plugins.trust: all`.
    package var trustsAllPlugins: Bool
    /// `plugins.prefer`: short kind name to plugin id.
    package var preferredKinds: [String: String]
    package var lanes: [LaneDefinition]
    /// In order of precedence.
    package var benchFolders: [String]
    /// The path of `arena-worker`.
    package var worker: String
    /// How many jobs run at once.
    package var parallelJobs: Int
    package var jobRules = JobRules()
    /// How long a lease holds that nobody renews, the same for all processes of a home.
    package var leaseDuration = Duration.seconds(30)
    /// How long after their end jobs are kept; `nil`: for ever.
    package var keepsJobs: Duration?
    /// How many children wait for a plugin once one was needed.
    package var spareWorkers: Int
    package var clock: any WallClock
    /// Default: those of the home's store, and none of the environment.
    package var secrets: Secrets

    package init(
        home: String, pluginDirectories: [PluginDirectory], trustsAllPlugins: Bool = false,
        preferredKinds: [String: String] = [:], lanes: [LaneDefinition] = [.replay], benchFolders: [String],
        worker: String, parallelJobs: Int = 2, spareWorkers: Int = 2, clock: any WallClock = SystemClock()
    ) {
        self.home = home
        self.pluginDirectories = pluginDirectories
        self.trustsAllPlugins = trustsAllPlugins
        self.preferredKinds = preferredKinds
        self.lanes = lanes
        self.benchFolders = benchFolders
        self.worker = worker
        self.parallelJobs = parallelJobs
        self.spareWorkers = spareWorkers
        self.clock = clock
        secrets = Secrets(home: home, environment: [:])
    }
}
