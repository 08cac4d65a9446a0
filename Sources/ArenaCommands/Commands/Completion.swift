import ArenaEvaluation
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArgumentParser

/// What a shell offers for a value, from the home that the command line or the environment names. What cannot be read
/// offers nothing, and no plugin's code runs.
extension CompletionKind {
    /// The benches that there are.
    static var benches: Self {
        .custom { words, _, _ in options(words).map { BenchLibrary(folders: $0.benchFolders).ids() } ?? [] }
    }

    /// The lanes that there are.
    static var lanes: Self { .custom { words, _, _ in options(words)?.lanes.map(\.id) ?? [] } }

    /// The plugins that were found.
    static var plugins: Self { .custom { words, _, _ in candidates(words).map(\.name) } }

    /// The kinds of one interface, whether or not their plugins are granted.
    static func kinds(of interface: InterfaceID) -> Self {
        .custom { words, _, _ in names(of: interface, kinds(words)) }
    }

    /// Scorers, and rubrics as `rubric:ID`.
    static var judges: Self {
        .custom { words, _, _ in
            let kinds = kinds(words)
            return names(of: .scorer, kinds) + names(of: .rubric, kinds).map { AnswerScoring.prefix + $0 }
        }
    }

    private static func kinds(_ words: [String]) -> [ProvidedKind] {
        candidates(words).flatMap { candidate -> [ProvidedKind] in
            if case .usable(let manifest, _) = candidate.outcome { manifest.provides } else { [] }
        }
    }

    private static func names(of interface: InterfaceID, _ kinds: [ProvidedKind]) -> [String] {
        // A reader of rubrics is none itself.
        let usable = kinds.filter { $0.interface == interface && $0.reads.isEmpty }
        return Set(usable.flatMap { [$0.id] + $0.aliases }).sorted()
    }

    private static func options(_ words: [String]) -> RuntimeOptions? {
        let home = words.firstIndex(of: "--home").map { words.dropFirst($0 + 1).first } ?? nil
        return try? Configuration(
            flags: Configuration.Flags(home: home), environment: CommandLineTool.currentEnvironment()
        ).runtimeOptions(makesHome: false)
    }

    private static func candidates(_ words: [String]) -> [PluginCandidate] {
        guard let options = options(words) else { return [] }
        let digests = FileDigestCache(path: options.home + "/digests.json")
        return PluginScanner(directories: options.pluginDirectories, digests: digests).scan().candidates
    }
}
