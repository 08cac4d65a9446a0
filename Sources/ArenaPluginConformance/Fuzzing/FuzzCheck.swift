import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import Foundation

/// Random inputs, drawn from the schema and changed at random. What does harm is made small and kept in a file.
struct FuzzCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    private static let time: Duration = .seconds(2)
    private static let mostRounds = 400

    var checks: [PlannedCheck] {
        guard kind.isSupported, [.scorer, .jobKind, .laneEngine].contains(kind.interface) else { return [] }
        let name = kind.interface.name.dropFirst("arena.".count) + "/" + kind.id
        return [PlannedCheck(.fuzz, name, subject: kind.id, "random input does no harm") { try await verdict() }]
    }

    /// Gives a kept input to the plugin once more.
    static func replay(_ document: JSONValue, of subject: ExaminedPlugin) -> PlannedCheck {
        PlannedCheck(.fuzz, "replay", subject: subject.id, "the kept input does no harm any more") {
            guard let input = FuzzInput(document),
                let kind = subject.manifest.provides.first(where: {
                    $0.id == input.kind && $0.interface.description == input.interface
                })
            else {
                return .fail(nil, "the file holds no input for a kind of this plugin", hint: "Check the right plugin.")
            }
            guard let found = try await FuzzRunner(subject: subject, kind: kind).firstHarm(of: [input]) else {
                return .pass("")
            }
            return .fail(found.harm.rule, found.harm.message)
        }
    }

    private func verdict() async throws -> Verdict {
        let runner = FuzzRunner(subject: subject, kind: kind)
        var lots = SplitMix(seed: subject.options.seed)
        let rounds = subject.options.rounds ?? Self.mostRounds
        let end = monotonicNanoseconds() + Self.time.nanoseconds
        var done = 0
        while done < rounds, subject.options.rounds != nil || monotonicNanoseconds() < end {
            let inputs = (0..<min(20, rounds - done)).map { _ in input(&lots) }
            if let (index, harm) = try await runner.firstHarm(of: inputs) {
                return try await report(inputs[...index], harm)
            }
            done += inputs.count
        }
        var verdict = Verdict.pass("\(done) random inputs did no harm")
        verdict.seed = subject.options.seed
        return verdict
    }

    private func report(_ inputs: ArraySlice<FuzzInput>, _ harm: FuzzRunner.Harm) async throws -> Verdict {
        let runner = FuzzRunner(subject: subject, kind: kind)
        guard let last = inputs.last else { return .pass("") }
        let input = try await runner.minimised(last, harm)
        let file = "\(subject.options.replayFolder)/\(subject.id)-\(kind.id)-\(subject.options.seed).replay.json"
        var verdict = Verdict.fail(harm.rule, harm.message)
        do {
            try Data(input.json.text(.pretty).utf8).write(to: URL(filePath: file))
            verdict.hint = "The input is kept in \(file): repeat it with --replay. " + (verdict.hint ?? "")
        } catch {
            verdict.message += "; the input, which could not be kept in a file: \(input.json.text().prefix(500))"
        }
        verdict.seed = subject.options.seed
        return verdict
    }

    private func input(_ lots: inout SplitMix) -> FuzzInput {
        var input = FuzzInput(interface: kind.interface.description, kind: kind.id)
        let seed = lots.next()
        let valid = SchemaSamples(kind.schema, seed: seed).valid(count: 3)
        switch kind.interface {
        case .scorer:
            input.config = valid.last ?? [:]
            input.items = (0..<4).map { index in
                ScoreItem(
                    itemID: "\(index)", input: lots.text(upTo: 8), output: lots.text(upTo: 60),
                    references: (0..<lots.below(4)).map { _ in lots.text(upTo: 12) },
                    metaJSON: lots.below(3) == 0 ? JSONValue.object(["a": lots.strange()]).text() : "")
            }
        case .laneEngine:
            input.config = valid.first ?? [:]
            var samples = SchemaSamples(kind.schema, seed: seed)
            let request = TestMaterial.requests[lots.below(TestMaterial.requests.count)]
            input.document = samples.mutated(request)
        default:
            var samples = SchemaSamples(kind.schema, seed: seed)
            let payload = valid.last ?? [:]
            let changed = samples.mutated(payload)
            input.document = samples.isValid(changed) ? changed : payload
        }
        return input
    }
}
