import ArenaCore
import ArenaPluginHost

/// What an interface promises beyond the rules of all: a family of checks for each.
enum InterfaceCheck {
    static func checks(of kind: ProvidedKind, _ subject: ExaminedPlugin) -> [PlannedCheck] {
        switch kind.interface {
        case .scorer where kind.isSupported: ScorerCheck(subject: subject, kind: kind).checks
        case .jobKind: JobKindCheck(subject: subject, kind: kind).checks
        case .laneEngine: LaneEngineCheck(subject: subject, kind: kind).checks
        default: [notYet(kind)]
        }
    }

    /// The place of an interface whose checks are not written: said, not passed over.
    private static func notYet(_ kind: ProvidedKind) -> PlannedCheck {
        let name = kind.interface.name.dropFirst("arena.".count)
        return PlannedCheck(.interface, "\(name)/\(kind.id)", subject: kind.id, "it does what \(kind.interface) says") {
            .skip(kind.unsupportedReason ?? "this Arena has no checks of \(kind.interface) of its own yet")
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
