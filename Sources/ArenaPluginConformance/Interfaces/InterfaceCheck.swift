import ArenaCore
import ArenaPluginHost

/// What an interface promises beyond the rules of all: a family of checks for each.
enum InterfaceCheck {
    static func checks(of kind: ProvidedKind, _ subject: ExaminedPlugin) -> [PlannedCheck] {
        guard kind.isSupported else { return [unsupported(kind)] }
        if kind.document != nil { return [RubricDocumentCheck(subject: subject, kind: kind).check] }
        return switch kind.interface {
        case .scorer: ScorerCheck(subject: subject, kind: kind).checks
        case .scorerAggregate: WorkerTest.aggregate.map { $0.check(of: kind, subject) }
        case .rubric: WorkerTest.rubric.map { $0.check(of: kind, subject) }
        case .jobKind: JobKindCheck(subject: subject, kind: kind).checks
        case .laneCodec: WorkerTest.laneCodec.map { $0.check(of: kind, subject) }
        case .laneEngine: LaneEngineCheck(subject: subject, kind: kind).checks
        case .exporter: WorkerTest.exporter.map { $0.check(of: kind, subject) }
        default: [unsupported(kind)]
        }
    }

    /// The place of an interface that this host does not know: said, not passed over.
    private static func unsupported(_ kind: ProvidedKind) -> PlannedCheck {
        let name = kind.interface.name.dropFirst("arena.".count)
        return PlannedCheck(.interface, "\(name)/\(kind.id)", subject: kind.id, "it does what \(kind.interface) says") {
            .skip(kind.unsupportedReason ?? "this Arena does not know \(kind.interface)")
        }
    }

    /// Names a check of a kind: `scorer/exact_match/batch`.
    static func check(
        _ kind: ProvidedKind, _ name: String, _ title: String, _ body: @escaping @Sendable () async throws -> Verdict
    ) -> PlannedCheck {
        let interface = kind.interface.name.dropFirst("arena.".count)
        return PlannedCheck(.interface, "\(interface)/\(kind.id)/\(name)", subject: kind.id, title, body: body)
    }
}
