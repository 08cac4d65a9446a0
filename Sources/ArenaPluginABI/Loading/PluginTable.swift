import CArenaPlugin

/// A struct of the ABI that a plugin hands to the host.
protocol PluginTable {
    /// All zero: a missing slot is NULL.
    init()
    /// The members of its first release [ABI-4].
    static var minimumSize: UInt32 { get }
    /// The names of functions that must not be NULL and are.
    var absentFunctions: [String] { get }
}

/// More than any table will ever be; a greater size is garbage.
private let saneTableSize: UInt32 = 64 << 10

extension PluginTable {
    /// A copy of a foreign table in one of this host's own size.
    ///
    /// Members that the plugin does not know are zero; members that this host does not know are left out [ABI-3].
    ///
    /// - Throws: `Problem.badTable` for a table below its frozen minimum or without a function that it must have.
    static func copy(of foreign: UnsafeRawPointer, named name: String) throws(PluginTableRefusal) -> Self {
        guard UInt(bitPattern: foreign) % UInt(MemoryLayout<UInt64>.alignment) == 0 else {
            throw PluginTableRefusal(name: name, reason: "it is not aligned")
        }
        let size = foreign.load(as: UInt32.self)
        guard size >= minimumSize else {
            throw PluginTableRefusal(name: name, reason: "it has \(size) bytes, at least \(minimumSize) are needed")
        }
        guard size <= saneTableSize else {
            throw PluginTableRefusal(name: name, reason: "it claims \(size) bytes")
        }
        var table = Self()
        // Whole words only: half of a pointer is no pointer.
        let known = min(Int(size), MemoryLayout<Self>.size) & ~7
        withUnsafeMutableBytes(of: &table) { $0.copyMemory(from: UnsafeRawBufferPointer(start: foreign, count: known)) }
        let absent = table.absentFunctions
        guard absent.isEmpty else {
            throw PluginTableRefusal(name: name, reason: "\(absent.joined(separator: ", ")) must not be NULL")
        }
        return table
    }
}

/// Why a table is refused, before it is known which library it came from.
struct PluginTableRefusal: Error {
    let name: String
    let reason: String
}

/// A normalised table. The functions that it points at belong to a library that is never unloaded.
struct ForeignTable<Table>: @unchecked Sendable {
    // Immutable, and code addresses stay valid for the life of the process.
    let functions: Table
}

/// The names of those functions that are missing.
private func absent(_ functions: KeyValuePairs<String, Bool>) -> [String] {
    functions.filter { !$0.value }.map { "`\($0.key)`" }
}

extension arena_entry: PluginTable {
    static var minimumSize: UInt32 { ARENA_ENTRY_MIN_SIZE }
    var absentFunctions: [String] { absent(["get_interface": get_interface != nil]) }
}

extension arena_scorer_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_SCORER_V1_MIN_SIZE }
    var absentFunctions: [String] { absent(["create": create != nil, "score": score != nil]) }
}

extension arena_scorer_aggregate_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_SCORER_AGGREGATE_V1_MIN_SIZE }
    var absentFunctions: [String] {
        absent(["open": open != nil, "add": add != nil, "finish": finish != nil, "close": close != nil])
    }
}

extension arena_rubric_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_RUBRIC_V1_MIN_SIZE }
    var absentFunctions: [String] {
        absent([
            "load": load != nil, "destroy": destroy != nil, "describe": describe != nil, "plan": plan != nil,
            "combine": combine != nil,
        ])
    }
}

extension arena_job_kind_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_JOB_KIND_V1_MIN_SIZE }
    var absentFunctions: [String] { absent(["open": open != nil, "run": run != nil, "close": close != nil]) }
}

extension arena_lane_codec_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_LANE_CODEC_V1_MIN_SIZE }
    var absentFunctions: [String] {
        absent([
            "create": create != nil, "destroy": destroy != nil, "encode": encode != nil,
            "decoder_create": decoder_create != nil, "feed": feed != nil, "decoder_destroy": decoder_destroy != nil,
        ])
    }
}

extension arena_lane_engine_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_LANE_ENGINE_V1_MIN_SIZE }
    var absentFunctions: [String] {
        absent([
            "create": create != nil, "destroy": destroy != nil, "start": start != nil, "stop": stop != nil,
            "health": health != nil, "models": models != nil, "chat": chat != nil,
        ])
    }
}

extension arena_exporter_v1: PluginTable {
    static var minimumSize: UInt32 { ARENA_EXPORTER_V1_MIN_SIZE }
    var absentFunctions: [String] { absent(["export_records": export_records != nil]) }
}
