import ArenaPluginKit
public import CArenaPlugin

private let library = PluginLibrary(id: "honesty", version: "1.0.0", kinds: [.scorer("honesty", HonestyScorer.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
