package import CArenaPlugin

/// What a plugin written in Swift offers. A whole plugin is this, beside its manifest:
///
/// ```swift
/// import ArenaPluginKit
/// public import CArenaPlugin
///
/// private let library = PluginLibrary(id: "hello", version: "1.0.0", kinds: [.scorer("polite", Polite.self)])
///
/// @c @implementation
/// public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
/// ```
///
/// Make one per library and keep it in a global; at most ``maxKinds`` kinds.
package final class PluginLibrary: Sendable {
    package static let maxKinds = KindSlots.count

    /// A kind and the Swift type behind it.
    package enum Kind: Sendable {
        case jobKind(String, any JobKind.Type)
        case scorer(String, any ScorerPlugin.Type)
        case aggregate(String, any AggregatePlugin.Type)
        case rubric(String, any RubricPlugin.Type)
        case exporter(String, any ExporterPlugin.Type)
        case laneCodec(String, any LaneCodec.Type)
        case laneEngine(String, any LaneEngine.Type)

        /// What the host asks for, and the table that it gets.
        fileprivate func offer(slot: Int) -> Offer {
            switch self {
            case .jobKind(let name, _): (ARENA_JOB_KIND_1, name, jobKindTable(slot: slot))
            case .scorer(let name, _): (ARENA_SCORER_1, name, scorerTable(slot: slot))
            case .aggregate(let name, _): (ARENA_SCORER_AGGREGATE_1, name, aggregateTable(slot: slot))
            case .rubric(let name, _): (ARENA_RUBRIC_1, name, rubricTable(slot: slot))
            case .exporter(let name, _): (ARENA_EXPORTER_1, name, exporterTable(slot: slot))
            case .laneCodec(let name, _): (ARENA_LANE_CODEC_1, name, laneCodecTable(slot: slot))
            case .laneEngine(let name, _): (ARENA_LANE_ENGINE_1, name, laneEngineTable(slot: slot))
            }
        }
    }

    fileprivate typealias Offer = (interface: String, kind: String, table: UnsafeRawPointer)

    /// What `arena_plugin_entry_v1` returns. Static, as [ENTRY-1] demands: it is never given back.
    package nonisolated(unsafe) let entry: UnsafePointer<arena_entry>

    /// Written once, before the entry is handed out; never given back [ENTRY-7].
    private nonisolated(unsafe) let offers: [Offer]
    private let kinds: [Kind]

    package init(id: String, version: String, kinds: [Kind]) {
        // The table of one too many is missing, which the host's probe says [ENTRY-6].
        self.kinds = Array(kinds.prefix(Self.maxKinds))
        offers = self.kinds.enumerated().map { $1.offer(slot: $0) }
        entry = Self.makeEntry(id: id, version: version)
        Self.current = self
    }

    /// The kind in a slot.
    static func kind(_ slot: Int) throws(PluginError) -> Kind {
        guard let kinds = current?.kinds, kinds.indices.contains(slot) else { throw PluginError.noKind }
        return kinds[slot]
    }

    /// The library of this image. The kit is linked into each plugin, so that each has its own. Written by `init`,
    /// which runs inside the first call of `arena_plugin_entry_v1`, before any other function of the plugin.
    nonisolated(unsafe) static var current: PluginLibrary?

    /// The host, from `init` until `shutdown` [HOST-1]; those two are called on one thread, with no other call open.
    nonisolated(unsafe) static var host: UnsafePointer<arena_host>?

    private static func makeEntry(id: String, version: String) -> UnsafePointer<arena_entry> {
        var entry = arena_entry()
        entry.struct_size = UInt32(MemoryLayout<arena_entry>.size)
        entry.abi_major = ARENA_ABI_MAJOR
        entry.abi_minor = ARENA_ABI_MINOR
        entry.id = permanent(id)
        entry.version = permanent(version)
        entry.`init` = { _, host in
            PluginLibrary.host = host
            return ARENA_OK
        }
        entry.shutdown = { PluginLibrary.host = nil }
        entry.get_interface = { interface, kind in
            PluginLibrary.current?.table(of: interface.string, kind: kind.string)
        }
        return permanent(entry)
    }

    private func table(of interface: String, kind: String) -> UnsafeRawPointer? {
        offers.first { $0.interface == interface && $0.kind == kind }?.table
    }
}

/// Memory that lives as long as the process: what a library hands out must not move or vanish.
func permanent<T>(_ value: T) -> UnsafePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return UnsafePointer(pointer)
}

private func permanent(_ text: String) -> arena_str {
    let utf8 = Array(text.utf8)
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, utf8.count))
    for (index, byte) in utf8.enumerated() { memory[index] = CChar(bitPattern: byte) }
    return arena_str(ptr: memory, len: UInt64(utf8.count))
}

/// Carries a Swift value through the `void *self` of a table, from create or open to destroy or close.
final class Box<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }

    /// Balanced by ``release(_:)``, which the host calls exactly once [MEM-4].
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    /// The box behind a `void *self`, for the time of a call.
    static func at(_ pointer: UnsafeMutableRawPointer?) throws(PluginError) -> Box<Value> {
        guard let pointer else { throw PluginError.noKind }
        return Unmanaged<Box<Value>>.fromOpaque(pointer).takeUnretainedValue()
    }

    static func release(_ pointer: UnsafeMutableRawPointer?) {
        if let pointer { Unmanaged<Box<Value>>.fromOpaque(pointer).release() }
    }
}
