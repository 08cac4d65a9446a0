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
/// Make one per library and keep it in a global; at most ``maxKinds`` kinds of each interface.
package final class PluginLibrary: Sendable {
    /// C tables carry no context before an object exists, so each kind has a row of functions of its own.
    package static let maxKinds = 8

    /// A kind and the Swift type behind it.
    package enum Kind: Sendable {
        case jobKind(String, any JobKind.Type)
        case scorer(String, any ScorerPlugin.Type)
        case exporter(String, any ExporterPlugin.Type)
        case laneCodec(String, any LaneCodec.Type)
        case rubric(String, any RubricPlugin.Type)
    }

    /// What `arena_plugin_entry_v1` returns. Static, as [ENTRY-1] demands: it is never given back.
    package nonisolated(unsafe) let entry: UnsafePointer<arena_entry>

    /// Tables by interface and kind. Written once, before the entry is handed out; never given back [ENTRY-7].
    private nonisolated(unsafe) let tables: [(interface: String, kind: String, table: UnsafeRawPointer)]
    let jobKinds: [any JobKind.Type]
    let scorers: [any ScorerPlugin.Type]
    let exporters: [any ExporterPlugin.Type]
    let laneCodecs: [any LaneCodec.Type]
    let rubrics: [any RubricPlugin.Type]

    package init(id: String, version: String, kinds: [Kind]) {
        var jobKinds: [any JobKind.Type] = []
        var scorers: [any ScorerPlugin.Type] = []
        var exporters: [any ExporterPlugin.Type] = []
        var laneCodecs: [any LaneCodec.Type] = []
        var rubrics: [any RubricPlugin.Type] = []
        var tables: [(interface: String, kind: String, table: UnsafeRawPointer)] = []
        for kind in kinds {
            switch kind {
            case .jobKind(let name, let type) where jobKinds.count < Self.maxKinds:
                tables.append((ARENA_JOB_KIND_1, name, jobKindTable(slot: jobKinds.count)))
                jobKinds.append(type)
            case .scorer(let name, let type) where scorers.count < Self.maxKinds:
                tables.append((ARENA_SCORER_1, name, scorerTable(slot: scorers.count)))
                scorers.append(type)
            case .exporter(let name, let type) where exporters.count < Self.maxKinds:
                tables.append((ARENA_EXPORTER_1, name, exporterTable(slot: exporters.count)))
                exporters.append(type)
            case .laneCodec(let name, let type) where laneCodecs.count < Self.maxKinds:
                tables.append((ARENA_LANE_CODEC_1, name, laneCodecTable(slot: laneCodecs.count)))
                laneCodecs.append(type)
            case .rubric(let name, let type) where rubrics.count < Self.maxKinds:
                tables.append((ARENA_RUBRIC_1, name, rubricTable(slot: rubrics.count)))
                rubrics.append(type)
            case .jobKind, .scorer, .exporter, .laneCodec, .rubric:
                break  // one too many: its table is missing, which the host's probe says [ENTRY-6]
            }
        }
        self.jobKinds = jobKinds
        self.scorers = scorers
        self.exporters = exporters
        self.laneCodecs = laneCodecs
        self.rubrics = rubrics
        self.tables = tables
        entry = Self.makeEntry(id: id, version: version)
        Self.current = self
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
        tables.first { $0.interface == interface && $0.kind == kind }?.table
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

    static func from(_ pointer: UnsafeMutableRawPointer) -> Box<Value> {
        Unmanaged<Box<Value>>.fromOpaque(pointer).takeUnretainedValue()
    }

    static func release(_ pointer: UnsafeMutableRawPointer?) {
        if let pointer { Unmanaged<Box<Value>>.fromOpaque(pointer).release() }
    }
}
