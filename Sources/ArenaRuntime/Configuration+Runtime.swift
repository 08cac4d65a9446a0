import ArenaCore
import ArenaPluginHost
import Glibc

extension Configuration {
    /// What a runtime is made of: the settings, and what lies beside the executable.
    ///
    /// - Parameter makesHome: whether the home is made where there is none; `false` for who only looks.
    /// - Throws: ``ConfigurationError`` for an unusable home; `worker.missing` without `arena-worker`.
    package func runtimeOptions(makesHome: Bool = true) throws -> RuntimeOptions {
        if makesHome { try home.value.prepare() }
        guard let bundled = PluginDirectory.bundled() else {
            throw Failure(
                code: "executable.unknown", category: .internalError,
                message: "The path of this program cannot be read from /proc/self/exe.")
        }
        let worker = bundled.path + "/arena-worker"
        guard access(worker, X_OK) == 0 else {
            throw Failure(
                code: "worker.missing", category: .failedPrecondition,
                message: "The program that runs plugins is missing: \(worker).", hint: "Build it with `swift build`.")
        }
        let directories =
            [bundled] + (bundled.folderPlugins().map { [$0] } ?? []) + Self.rubricDirectories(bundled, home.value)
            + [PluginDirectory(path: home.value.plugins, origin: .home)]
            + pluginDirectories.value.map { PluginDirectory(path: $0, origin: .configured) }
        var options = RuntimeOptions(
            home: home.value.path, pluginDirectories: directories, trustsAllPlugins: pluginTrust.value == .all,
            preferredKinds: preferredPlugins.value, lanes: laneDefinitions,
            benchFolders: [home.value.benches] + Self.bundledFolders("benches", besides: bundled.path), worker: worker,
            parallelJobs: parallelJobs.value)
        options.secrets = secrets
        options.leaseDuration = .seconds(leaseSeconds.value)
        options.jobRules = JobRules(kinds: jobKinds.value, lanes: jobLanes.value, gpu: gpuJobs.value)
        options.keepsJobs = keepDays.value == 0 ? nil : .seconds(Int64(keepDays.value) * 86_400)
        return options
    }

    /// A folder of what Arena ships, such as `Sources`; `nil` when it is not there.
    package static func bundledFolder(_ name: String) -> String? {
        PluginDirectory.bundled().flatMap { bundledFolders(name, besides: $0.path).first }
    }

    /// The rubrics that come with Arena, and the user's own.
    private static func rubricDirectories(_ bundled: PluginDirectory, _ home: ArenaHome) -> [PluginDirectory] {
        var directories: [PluginDirectory] = []
        if case .bundled(let owner) = bundled.origin {
            directories = bundledFolders("rubrics", besides: bundled.path).map {
                PluginDirectory(path: $0, origin: .bundledRubrics(executableOwner: owner))
            }
        }
        return directories + [PluginDirectory(path: home.rubrics, origin: .homeRubrics)]
    }

    /// `../share/arena/NAME` of an installation, else NAME of the checkout that the executable was built in.
    static func bundledFolders(_ name: String, besides executable: String) -> [String] {
        var candidates = [executable + "/../share/arena/" + name]
        var folder = executable[...]
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = folder[..<slash]
            if access(folder + "/Package.swift", R_OK) == 0 { candidates.append(folder + "/" + name) }
        }
        return candidates.first { access($0, R_OK) == 0 }.map { [$0] } ?? []
    }
}
