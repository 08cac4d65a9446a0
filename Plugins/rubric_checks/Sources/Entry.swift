import ArenaPluginKit
public import CArenaPlugin

private let library = PluginLibrary(
    id: "rubric-checks", version: "1.0.0",
    kinds: [
        .rubric("checks", ChecksRubric.self), .scorer("answered", AnsweredScorer.self),
        .scorer("affirms", AffirmsScorer.self),
    ])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
