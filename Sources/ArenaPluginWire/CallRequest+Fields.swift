extension CallRequest {
    /// The size of the one field that can be large.
    var largestField: Int {
        switch self {
        case .scorerScore(_, let batch): batch.count
        case .engineChat(_, let text), .jobValidate(_, let text), .jobEstimate(_, let text), .conformance(_, let text),
            .exporterRun(_, let text):
            text.utf8.count
        case .jobRun(let start): start.payload.utf8.count + start.checkpoint.count
        case .codecEncode(_, _, let text), .codecDecoderCreate(_, _, _, let text): text.utf8.count
        case .codecFeed(let piece): piece.headers.utf8.count + piece.bytes.count
        case .rubricLoad(_, _, let document), .rubricCheck(_, let document): document.count
        case .rubricPlan(_, let batch): batch.count
        case .rubricCombine(_, let batch, let results): results.reduce(batch.count) { $0 + 4 + $1.utf8.count }
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
        case .jobValidate(let kind, let payload), .jobEstimate(let kind, let payload),
            .exporterRun(let kind, let payload):
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
        case .codecCreate(let instance, let kind, let config):
            writer.u64(instance)
            writer.text(kind)
            writer.text(config)
        case .codecDestroy(let instance), .codecDecoderDestroy(let instance):
            writer.u64(instance)
        case .codecEncode(let instance, let operation, let request):
            writer.u64(instance)
            writer.u32(operation)
            writer.text(request)
        case .codecDecoderCreate(let codec, let decoder, let operation, let request):
            writer.u64(codec)
            writer.u64(decoder)
            writer.u32(operation)
            writer.text(request)
        case .codecFeed(let piece): piece.write(to: &writer)
        case .rubricLoad, .rubricDestroy, .rubricDescribe, .rubricPlan, .rubricCombine, .rubricCheck:
            writeRubric(to: &writer)
        case .conformance(let test, let arguments):
            writer.text(test)
            writer.text(arguments)
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
        case .exporterRun: self = .exporterRun(kind: try reader.text(), params: try reader.text())
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
        case .codecCreate:
            self = .codecCreate(instance: try reader.u64(), kind: try reader.text(), config: try reader.text())
        case .codecDestroy: self = .codecDestroy(instance: try reader.u64())
        case .codecEncode:
            self = .codecEncode(instance: try reader.u64(), operation: try reader.u32(), request: try reader.text())
        case .codecDecoderCreate:
            self = .codecDecoderCreate(
                codec: try reader.u64(), decoder: try reader.u64(), operation: try reader.u32(),
                request: try reader.text())
        case .codecDecoderDestroy: self = .codecDecoderDestroy(decoder: try reader.u64())
        case .codecFeed: self = .codecFeed(try CodecPiece(from: &reader))
        case .rubricLoad, .rubricDestroy, .rubricDescribe, .rubricPlan, .rubricCombine, .rubricCheck:
            self = try .rubric(operation, from: &reader)
        case .conformance: self = .conformance(test: try reader.text(), arguments: try reader.text())
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
