import ArenaJSON
import CArenaPlugin

/// A rubric of a built plugin, loaded and used through its C table.
final class RubricObject {
    struct Refused: Error {
        var failure: FakeCall.Failure
    }

    private let table: UnsafePointer<arena_rubric_v1>
    private var object: UnsafeMutableRawPointer?

    init(_ plugin: String, _ kind: String, document: String = "") throws {
        table = try Self.table(plugin, kind)
        let call = FakeCall()
        let status = Self.lend(document) { bytes in call.lend { table.pointee.load($0, bytes, &object) } }
        guard status == ARENA_OK else {
            throw Refused(failure: call.failure ?? .init(status: status, message: "no reason", detail: .null))
        }
    }

    deinit { table.pointee.destroy(object) }

    private static func table(_ plugin: String, _ kind: String) throws -> UnsafePointer<arena_rubric_v1> {
        guard let table = try BuiltPlugin(plugin).table(ARENA_RUBRIC_1, kind, as: arena_rubric_v1.self) else {
            throw BuiltPlugin.Missing(description: "no rubric \(kind)")
        }
        return table
    }

    private static func lend<R>(_ document: String, _ body: (arena_bytes) -> R) -> R {
        Array(document.utf8).withUnsafeBufferPointer { body(arena_bytes(ptr: $0.baseAddress, len: UInt64($0.count))) }
    }

    /// What `check` says of a document.
    static func faults(_ document: String, _ plugin: String = "rubric_checks", _ kind: String = "checks") throws
        -> [JSONValue]
    {
        let table = try table(plugin, kind)
        let sink = FakeSink()
        let call = FakeCall()
        let status = lend(document) { bytes in
            call.lend { call in sink.lend { table.pointee.check?(call, bytes, $0) } }
        }
        guard status == ARENA_OK else { throw Refused(failure: .init(status: -1, message: "no list", detail: .null)) }
        return try sink.json().array ?? []
    }

    func describe() throws -> JSONValue { try text { table.pointee.describe(object, $0, $1) } }

    func plan(_ output: String, references: [String] = []) throws -> JSONValue {
        try withItem(output, references) { item in try text { table.pointee.plan(object, $0, item, $1) } }
    }

    func combine(_ results: JSONValue, _ output: String = "", references: [String] = []) throws -> JSONValue {
        try withItem(output, references) { item in
            try text { call, sink in
                PluginTests.lend(results.text()) { table.pointee.combine(object, call, item, $0, sink) }
            }
        }
    }

    private func text(
        _ body: (UnsafePointer<arena_call>, UnsafePointer<arena_sink>) -> arena_status
    ) throws -> JSONValue {
        let call = FakeCall()
        let sink = FakeSink()
        let status = call.lend { call in sink.lend { body(call, $0) } }
        guard status == ARENA_OK else {
            throw Refused(failure: call.failure ?? .init(status: status, message: "no reason", detail: .null))
        }
        return try sink.json()
    }

    private func withItem<R>(
        _ output: String, _ references: [String], _ body: (UnsafePointer<arena_score_input>) throws -> R
    ) rethrows -> R {
        var texts: [UInt8] = []
        for text in [output] + references { texts += Array(text.utf8) }
        return try texts.withUnsafeBufferPointer { bytes in
            try bytes.withMemoryRebound(to: CChar.self) { bytes in
                var at = 0
                let strings = ([output] + references).map { text in
                    defer { at += text.utf8.count }
                    return arena_str(ptr: bytes.baseAddress.map { $0 + at }, len: UInt64(text.utf8.count))
                }
                return try strings.withUnsafeBufferPointer { strings in
                    var item = arena_score_input()
                    item.struct_size = UInt32(MemoryLayout<arena_score_input>.size)
                    item.output = strings[0]
                    item.references = strings.baseAddress.map { UnsafeRawPointer($0 + 1) }
                    item.reference_count = UInt32(references.count)
                    item.reference_stride = UInt32(MemoryLayout<arena_str>.stride)
                    return try body(&item)
                }
            }
        }
    }
}
