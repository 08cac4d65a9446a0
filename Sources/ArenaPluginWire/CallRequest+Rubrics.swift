/// The fields of the operations on rubrics, 40 to 49.
extension CallRequest {
    func writeRubric(to writer: inout FieldWriter) {
        switch self {
        case .rubricLoad(let instance, let kind, let document):
            writer.u64(instance)
            writer.text(kind)
            writer.data(document)
        case .rubricDestroy(let instance), .rubricDescribe(let instance):
            writer.u64(instance)
        case .rubricPlan(let instance, let batch):
            writer.u64(instance)
            writer.data(batch)
        case .rubricCombine(let instance, let batch, let results):
            writer.u64(instance)
            writer.data(batch)
            writer.texts(results)
        case .rubricCheck(let kind, let document):
            writer.text(kind)
            writer.data(document)
        default: break
        }
    }

    static func rubric(
        _ operation: Operation, from reader: inout FieldReader
    ) throws(WireError) -> CallRequest {
        switch operation {
        case .rubricLoad:
            .rubricLoad(instance: try reader.u64(), kind: try reader.text(), document: try reader.data())
        case .rubricDestroy: .rubricDestroy(instance: try reader.u64())
        case .rubricDescribe: .rubricDescribe(instance: try reader.u64())
        case .rubricPlan: .rubricPlan(instance: try reader.u64(), batch: try reader.data())
        case .rubricCombine:
            .rubricCombine(instance: try reader.u64(), batch: try reader.data(), results: try reader.texts())
        default: .rubricCheck(kind: try reader.text(), document: try reader.data())
        }
    }
}

/// The payload of ``CallRequest/rubricPlan(instance:batch:)`` and ``CallRequest/rubricCombine(instance:batch:results:)``:
/// a text for each item, in order.
package struct TextList: Hashable, Sendable {
    package var texts: [String]

    package init(_ texts: [String]) { self.texts = texts }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var fields = FieldReader(bytes)
        texts = try fields.texts()
        try fields.finish()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter(capacity: texts.reduce(4) { $0 + 4 + $1.utf8.count })
        fields.texts(texts)
        return fields.bytes
    }
}
