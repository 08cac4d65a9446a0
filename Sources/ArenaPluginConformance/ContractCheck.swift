import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire

/// Every call ends as the header says, whatever services there are.
struct ContractCheck {
    let subject: ExaminedPlugin

    var checks: [PlannedCheck] {
        var checks: [PlannedCheck] = []
        for kind in subject.manifest.provides where kind.isOfLibrary {
            let name = kind.interface.name.dropFirst("arena.".count) + "/" + kind.id
            checks += [
                test("contract", "\(name)/calls", "ERR-2", kind, "every failing call says why"),
                test("sinks", "\(name)/sinks", "SINK-2", kind, "it stops when a sink has had enough"),
            ]
            guard kind.interface == .jobKind else { continue }
            checks.append(
                PlannedCheck(
                    .contract, "\(name)/no-services", subject: kind.id, "it bears to be given no service at all"
                ) { try await run(kind, services: [], refusing: nil) })
            for service in subject.manifest.services.filter(\.isKnown).map(\.id.description) {
                let short = service.dropFirst("arena.".count).prefix { $0 != "/" }
                checks.append(
                    PlannedCheck(
                        .contract, "\(name)/without-\(short)", subject: kind.id, "it bears to be without \(service)"
                    ) {
                        let others = subject.manifest.services.map(\.id.description).filter { $0 != service }
                        return try await run(kind, services: others, refusing: nil)
                    })
                checks.append(
                    PlannedCheck(
                        .contract, "\(name)/refused-\(short)", subject: kind.id, "it bears that \(service) refuses"
                    ) { try await run(kind, services: nil, refusing: service) })
            }
        }
        return checks
    }

    private func test(
        _ test: String, _ name: String, _ rule: String, _ kind: ProvidedKind, _ title: String
    ) -> PlannedCheck {
        PlannedCheck(.contract, name, subject: kind.id, title) {
            try await subject.conformance(
                test, TestMaterial(kind: kind, subject: subject).json, for: kind, rule: rule, services: [])
        }
    }

    /// A job that may fail, and must say why; it is given up after two seconds.
    private func run(_ kind: ProvidedKind, services: [String]?, refusing service: String?) async throws -> Verdict {
        let material = TestMaterial(kind: kind, subject: subject)
        guard let payload = material.documents.first else { return .skip("no payload could be made from the schema") }
        let host = JobHost(refusing: service)
        let outcome = await JobTrial(subject: subject, kind: kind, services: services).run(
            payload, host: host, within: .seconds(2))
        switch outcome {
        case .done: return .pass("")
        case .failed(let failure):
            guard failure.code != "plugin.fault" else {
                return .fail(failure.message.contains("without saying why") ? "ERR-2" : nil, failure.message)
            }
            if let service, host.refusals == 0 {
                return .skip("it ended before it asked \(service), and said: \(failure.message)")
            }
            return .pass("it ends, and says: \(failure.message)")
        case .lost(let fault):
            let isLate = if case .unresponsive = fault.kind { true } else { false }
            return .lost(fault).breaking(service == nil ? "HOST-2" : isLate ? "SVC-1" : "SVC-2")
        }
    }
}
