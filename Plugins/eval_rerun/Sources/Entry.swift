import ArenaPluginKit
public import CArenaPlugin

private let library = PluginLibrary(
    id: "eval_rerun", version: "1.0.0", kinds: [.jobKind("eval_rerun", EvalRerun.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
