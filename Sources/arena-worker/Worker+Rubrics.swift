import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

extension Worker {
    /// The operations on rubrics, 40 to 49.
    func performRubric(
        _ request: CallRequest, on instance: Instance?, _ context: CallContext
    ) throws(CallFailure) -> [UInt8] {
        if case .rubricCheck(let kind, let document) = request {
            return Array(try rubricKind(kind).check(document: document, in: context)?.utf8 ?? "null".utf8)
        }
        guard let instance else { throw CallFailure(.internalError, "The call has no instance.") }
        switch request {
        case .rubricLoad(_, let kind, let document):
            try create(instance) { () throws(CallFailure) in
                .rubric(try rubricKind(kind).load(document: document, in: context))
            }
            return []
        case .rubricDescribe: return Array(try rubric(instance).describe(in: context).utf8)
        case .rubricPlan(_, let bytes):
            return TextList(try rubric(instance).plan(try batch(bytes), in: context)).encode()
        case .rubricCombine(_, let bytes, let results):
            return TextList(try rubric(instance).combine(try batch(bytes), results: results, in: context)).encode()
        default:
            destroy(instance)
            return []
        }
    }

    private func rubric(_ instance: Instance) throws(CallFailure) -> Rubric {
        guard case .rubric(let rubric) = instance.object.withLock({ $0 }) else {
            throw CallFailure(.notFound, "Instance \(instance.id) is no rubric.")
        }
        return rubric
    }

    private func rubricKind(_ kind: String) throws(CallFailure) -> RubricKind {
        try loaded { () throws(PluginABIError) in try library.rubric(kind) }
    }
}
