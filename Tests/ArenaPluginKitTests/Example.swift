import ArenaPluginKit
import CArenaPlugin

/// A plugin with a kind of each interface: an image has one library, which all suites share.
enum Example {
    static let kinds: [PluginLibrary.Kind] = [
        .scorer("polite", Polite.self), .jobKind("count", Count.self), .laneEngine("parrot", Parrot.self),
        .aggregate("longest", Longest.self), .rubric("short", Short.self),
    ]

    /// Filled up with one kind more than there is room for.
    static let library = PluginLibrary(
        id: "example", version: "0.1.0",
        kinds: kinds + (0...PluginLibrary.maxKinds - kinds.count).map { .scorer("filler\($0)", Polite.self) })
}

let library = Example.library

func table<T>(_ interface: String, _ kind: String, as type: T.Type) -> UnsafePointer<T>? {
    lend(interface) { interface in
        lend(kind) { library.entry.pointee.get_interface(interface, $0)?.assumingMemoryBound(to: T.self) }
    }
}

/// What a function of a table wrote, and its status.
func written(
    by body: (UnsafePointer<arena_sink>) throws -> arena_status
) rethrows -> (status: arena_status, text: String) {
    let sink = CollectingSink()
    let status = try sink.lend(body)
    return (status, String(decoding: sink.bytes, as: UTF8.self))
}
