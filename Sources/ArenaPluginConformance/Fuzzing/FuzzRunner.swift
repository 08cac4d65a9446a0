import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire

/// Gives inputs to a plugin and sees whether it bears them.
struct FuzzRunner: Sendable {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    /// What the plugin did that it must not do.
    struct Harm: Hashable, Sendable {
        /// `crashed`, `hung`, or the rule that was broken: what stays the same when an input is made smaller.
        let nature: String
        let rule: String?
        let message: String
    }

    private static let limit: Duration = .seconds(3)

    /// Gives all inputs to one child, and says which one did harm.
    func firstHarm(of inputs: [FuzzInput]) async throws(PluginFault) -> (index: Int, harm: Harm)? {
        let child = try await subject.child(for: kind)
        defer { child.kill() }
        for (index, input) in inputs.enumerated() {
            if let harm = await harm(of: input, instance: UInt64(index + 1), child) { return (index, harm) }
        }
        return nil
    }

    private func harm(of input: FuzzInput, instance: UInt64, _ child: PluginChild) async -> Harm? {
        do throws(PluginFault) {
            switch kind.interface {
            case .scorer:
                try await call(
                    .scorerCreate(instance: instance, kind: kind.id, config: input.config.text()), child)
                let batch = ScoreBatch(input.items)
                let bytes = try await call(.scorerScore(instance: instance, batch: batch.bytes), child)
                try await call(.scorerDestroy(instance: instance), child)
                return Self.harm(bytes, count: batch.count)
            case .jobKind:
                let payload = (input.document ?? [:]).text()
                try await call(.jobValidate(kind: kind.id, payload: payload), child)
                try await call(.jobEstimate(kind: kind.id, payload: payload), child)
            case .laneEngine:
                try await call(
                    .engineCreate(instance: instance, kind: kind.id, config: input.config.text()), child)
                try await call(.engineStart(instance: instance), child)
                try await tolerant(.engineChat(instance: instance, request: (input.document ?? [:]).text()), child)
                try await call(.engineDestroy(instance: instance), child)
            default: return nil
            }
            return nil
        } catch {
            return harm(error.naming(subject.id))
        }
    }

    @discardableResult
    private func call(_ request: CallRequest, _ child: PluginChild) async throws(PluginFault) -> [UInt8] {
        try await child.call(request, deadline: monotonicNanoseconds() + Self.limit.nanoseconds)
    }

    /// A request that is refused with a reason is no reason to leave the object behind.
    private func tolerant(_ request: CallRequest, _ child: PluginChild) async throws(PluginFault) {
        do throws(PluginFault) { try await call(request, child) } catch {
            if harm(error) != nil { throw error }
        }
    }

    private func harm(_ fault: PluginFault) -> Harm? {
        switch fault.kind {
        case .unresponsive:
            Harm(nature: "hung", rule: kind.foreign == nil ? "CALL-3" : "SCORER-5", message: fault.message)
        case .crashed, .wireViolation, .outOfMemory:
            Harm(nature: "crashed", rule: kind.foreign == nil ? "MEM-2" : "SCORER-5", message: fault.message)
        case .failed(_, let failure, _) where failure.code == "plugin.fault":
            Harm(nature: "silent", rule: "ERR-2", message: failure.message)
        default: nil
        }
    }

    private static func harm(_ bytes: [UInt8], count: Int) -> Harm? {
        guard let results = try? ScoreResults(decoding: bytes, count: count) else {
            return Harm(nature: "results", rule: nil, message: "the results cannot be read")
        }
        for result in results where result.status == .internalError {
            return Harm(nature: "value", rule: "SCORER-1", message: result.explain)
        }
        return nil
    }

    /// The smallest input found in so many tries that does the same harm. One that hangs costs its limit each time.
    func minimised(_ input: FuzzInput, _ harm: Harm) async throws(PluginFault) -> FuzzInput {
        let samples = SchemaSamples(kind.schema, seed: 0)
        var tries = harm.nature == "hung" ? 4 : 200
        var best = input
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in best.smaller(isValid: samples.isValid) {
                guard tries > 0 else { return best }
                tries -= 1
                guard try await firstHarm(of: [candidate])?.harm.nature == harm.nature else { continue }
                best = candidate
                isSmaller = true
                break
            }
        }
        return best
    }
}
