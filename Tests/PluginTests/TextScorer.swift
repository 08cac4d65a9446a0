import ArenaJSON
import CArenaPlugin

/// An object of one of a plugin's scorers, made and used through its C table.
final class TextScorer {
    struct Refused: Error {
        var failure: FakeCall.Failure
    }

    struct Judged {
        var output: arena_score_output
        var explanation: String
    }

    private let table: UnsafePointer<arena_scorer_v1>
    private var instance: UnsafeMutableRawPointer?

    init(_ kind: String, config: String, plugin: String = "text") throws {
        guard let table = try BuiltPlugin(plugin).table(ARENA_SCORER_1, kind, as: arena_scorer_v1.self) else {
            throw BuiltPlugin.Missing(description: "no scorer \(kind)")
        }
        self.table = table
        let call = FakeCall()
        let status = lend(config) { config in call.lend { table.pointee.create($0, config, &instance) } }
        if status != ARENA_OK {
            throw Refused(failure: call.failure ?? .init(status: -1, message: "no reason", detail: .null))
        }
    }

    deinit { if let instance { table.pointee.destroy(instance) } }

    /// Judges (output, references, meta), with larger strides than the structs need.
    func judge(
        _ items: [(output: String, references: [String], meta: String)], singly: Bool = false,
        cancelledAtPoll: Int = .max
    ) throws -> [Judged] {
        let call = FakeCall()
        call.isCancelled = { $0 >= cancelledAtPoll }
        let arena = TextArena()
        let inputs = UnsafeMutableRawPointer.allocate(byteCount: items.count * 128, alignment: 8)
        let outputs = UnsafeMutableRawPointer.allocate(byteCount: items.count * 64, alignment: 8)
        defer {
            inputs.deallocate()
            outputs.deallocate()
        }
        for (index, item) in items.enumerated() {
            (inputs + index * 128).initializeMemory(as: arena_score_input.self, to: arena.input(item))
            var output = arena_score_output()
            output.struct_size = UInt32(MemoryLayout<arena_score_output>.size)
            (outputs + index * 64).initializeMemory(as: arena_score_output.self, to: output)
        }
        let explanations = Explanations(count: items.count)
        let status = withExtendedLifetime(arena) {
            call.lend { call in
                explanations.lend { explain in
                    singly
                        ? table.pointee.score(
                            instance, call, inputs.assumingMemoryBound(to: arena_score_input.self),
                            outputs.assumingMemoryBound(to: arena_score_output.self), explain)
                        : table.pointee.score_batch(
                            instance, call, UInt64(items.count), inputs, 128, outputs, 64, explain)
                }
            }
        }
        if status != ARENA_OK {
            throw Refused(failure: call.failure ?? .init(status: status, message: "no reason", detail: .null))
        }
        return items.indices.map {
            Judged(
                output: (outputs + $0 * 64).assumingMemoryBound(to: arena_score_output.self).pointee,
                explanation: explanations.texts[$0])
        }
    }
}

/// Memory of inputs, given back when it goes.
private final class TextArena {
    private var texts: [UnsafeMutablePointer<CChar>] = []
    private var references: [UnsafeMutablePointer<arena_str>] = []

    deinit {
        texts.forEach { $0.deallocate() }
        references.forEach { $0.deallocate() }
    }

    func input(_ item: (output: String, references: [String], meta: String)) -> arena_score_input {
        var input = arena_score_input()
        input.struct_size = UInt32(MemoryLayout<arena_score_input>.size)
        input.item_id = keep("item")
        input.output = keep(item.output)
        input.meta_json = keep(item.meta)
        // Every other element is filler: the stride counts, not the size [ABI-5].
        let list = UnsafeMutablePointer<arena_str>.allocate(capacity: 2 * item.references.count + 1)
        for (index, reference) in item.references.enumerated() {
            (list + 2 * index).initialize(to: keep(reference))
            (list + 2 * index + 1).initialize(to: keep("filler"))
        }
        references.append(list)
        input.references = UnsafeRawPointer(list)
        input.reference_count = UInt32(item.references.count)
        input.reference_stride = UInt32(2 * MemoryLayout<arena_str>.stride)
        return input
    }

    private func keep(_ text: String) -> arena_str {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return arena_str() }
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { memory[index] = CChar(bitPattern: byte) }
        texts.append(memory)
        return arena_str(ptr: memory, len: UInt64(bytes.count))
    }
}

/// An explain sink that keeps the sentences.
private final class Explanations {
    private(set) var texts: [String]
    private let memory = UnsafeMutablePointer<arena_explain_sink>.allocate(capacity: 1)

    /// Lends the C struct; this object lives as long as `body` runs.
    func lend<R>(_ body: (UnsafePointer<arena_explain_sink>) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(memory) }
    }

    init(count: Int) {
        texts = Array(repeating: "", count: count)
        memory.initialize(to: arena_explain_sink())
        memory.pointee.struct_size = UInt32(MemoryLayout<arena_explain_sink>.size)
        // Valid while this object lives, which `lend` sees to.
        memory.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        memory.pointee.explain = { sink, index, text in
            guard let context = sink?.pointee.host_context else { return }
            Unmanaged<Explanations>.fromOpaque(context).takeUnretainedValue().texts[Int(index)] = text.text
        }
    }

    deinit { memory.deallocate() }
}
