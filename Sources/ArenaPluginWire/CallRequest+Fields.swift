extension CallRequest {
    /// The size of the one field that can be large.
    var largestField: Int {
        switch self {
        case .scorerScore(_, let batch): batch.count
        case .engineChat(_, let text), .jobValidate(_, let text), .jobEstimate(_, let text): text.utf8.count
        case .jobRun(let start): start.payload.utf8.count + start.checkpoint.count
        default: 256
        }
    }

    func write(to writer: inout FieldWriter) {
        switch self {
        case .probe(let expectation):
            writer.text(expectation)
        case .scorerCreate(let instance, let kind, let config), .engineCreate(let instance, let kind, let config):
            writer.u64(instance)
            writer.text(kind)
            writer.text(config)
        case .scorerDestroy(let instance), .engineDestroy(let instance), .engineStart(let instance),
            .engineStop(let instance), .engineHealth(let instance), .engineModels(let instance):
            writer.u64(instance)
        case .scorerScore(let instance, let batch):
            writer.u64(instance)
            writer.data(batch)
        case .jobValidate(let kind, let payload), .jobEstimate(let kind, let payload):
            writer.text(kind)
            writer.text(payload)
        case .jobRun(let start):
            writer.text(start.kind)
            writer.text(start.jobID)
            writer.u32(start.attempt)
            writer.text(start.payload)
            writer.data(start.checkpoint)
            writer.u64(start.sequence)
        case .engineChat(let instance, let request):
            writer.u64(instance)
            writer.text(request)
        case .engineEmbed(let instance, let model, let texts):
            writer.u64(instance)
            writer.text(model)
            writer.texts(texts)
        case .engineRerank(let instance, let model, let query, let documents):
            writer.u64(instance)
            writer.text(model)
            writer.text(query)
            writer.texts(documents)
        }
    }

    init(_ operation: Operation, from reader: inout FieldReader) throws(WireError) {
        switch operation {
        case .probe: self = .probe(expectation: try reader.text())
        case .scorerCreate:
            self = .scorerCreate(instance: try reader.u64(), kind: try reader.text(), config: try reader.text())
        case .scorerDestroy: self = .scorerDestroy(instance: try reader.u64())
        case .scorerScore: self = .scorerScore(instance: try reader.u64(), batch: try reader.data())
        case .jobValidate: self = .jobValidate(kind: try reader.text(), payload: try reader.text())
        case .jobEstimate: self = .jobEstimate(kind: try reader.text(), payload: try reader.text())
        case .jobRun:
            self = .jobRun(
                JobStart(
                    kind: try reader.text(), jobID: try reader.text(), attempt: try reader.u32(),
                    payload: try reader.text(), checkpoint: try reader.data(), sequence: try reader.u64()))
        case .engineCreate:
            self = .engineCreate(instance: try reader.u64(), kind: try reader.text(), config: try reader.text())
        case .engineDestroy: self = .engineDestroy(instance: try reader.u64())
        case .engineStart: self = .engineStart(instance: try reader.u64())
        case .engineStop: self = .engineStop(instance: try reader.u64())
        case .engineHealth: self = .engineHealth(instance: try reader.u64())
        case .engineModels: self = .engineModels(instance: try reader.u64())
        case .engineChat: self = .engineChat(instance: try reader.u64(), request: try reader.text())
        case .engineEmbed:
            self = .engineEmbed(instance: try reader.u64(), model: try reader.text(), texts: try reader.texts())
        case .engineRerank:
            self = .engineRerank(
                instance: try reader.u64(), model: try reader.text(), query: try reader.text(),
                documents: try reader.texts())
        }
    }
}

extension FieldWriter {
    /// A count and that many texts.
    mutating func texts(_ values: [String]) {
        u32(UInt32(clamping: values.count))
        for value in values { text(value) }
    }
}

extension FieldReader {
    mutating func texts() throws(WireError) -> [String] {
        let count = Int(try u32())
        // Every text has at least its length: a greater count is a lie, and nothing is reserved for it.
        guard count <= remaining / 4 else { throw WireError(.truncated) }
        var values: [String] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try text()) }
        return values
    }
}
