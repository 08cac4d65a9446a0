import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire
import Synchronization

/// What an engine promises: it says how it is before it is started, lists its models, and stops in the middle of an
/// answer.
struct LaneEngineCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    private var material: TestMaterial { TestMaterial(kind: kind, subject: subject) }

    var checks: [PlannedCheck] {
        [
            check("health", "health answers within a second, also before start", health),
            check("models", "models gives an array of objects with ids", models),
            check("chat", "an answer that nobody wants to the end stops", chat),
        ]
    }

    private func check(
        _ name: String, _ title: String, _ body: @escaping @Sendable (PluginChild) async throws -> Verdict
    ) -> PlannedCheck {
        let config = material.config.text()
        return InterfaceCheck.check(kind, name, title) { [subject, kind] in
            let child = try await subject.child(for: kind)
            defer { child.kill() }
            _ = try await child.call(
                .engineCreate(instance: 1, kind: kind.id, config: config), deadline: Self.deadline(.seconds(5)))
            do throws(PluginFault) { return try await Self.run(body, child) } catch {
                guard error.code == "plugin.fault" || error.lostChild else { throw error }
                let fault = error.naming(subject.id)
                return fault.lostChild ? .lost(fault) : .fail("ERR-2", fault.message)
            }
        }
    }

    /// Only the faults of the plugin are told apart.
    private static func run(
        _ body: @Sendable (PluginChild) async throws -> Verdict, _ child: PluginChild
    ) async throws(PluginFault) -> Verdict {
        do { return try await body(child) } catch let fault as PluginFault { throw fault } catch {
            let failure = Failure(error)
            return .fail(nil, failure.message, hint: failure.hint)
        }
    }

    private static func deadline(_ limit: Duration) -> UInt64 { monotonicNanoseconds() + limit.nanoseconds }

    @Sendable private func health(_ child: PluginChild) async throws -> Verdict {
        for isStarted in [false, true] {
            if isStarted { _ = try await child.call(.engineStart(instance: 1), deadline: Self.deadline(.seconds(5))) }
            let bytes = try await child.call(.engineHealth(instance: 1), deadline: Self.deadline(.seconds(1)))
            guard (try? JSONValue(parsing: bytes))?["ok"]?.bool != nil else {
                return .fail(
                    "ENGINE-2", "`health` \(isStarted ? "after" : "before") start wrote no {\"ok\": bool, \"reason\"}")
            }
        }
        return .pass("")
    }

    @Sendable private func models(_ child: PluginChild) async throws -> Verdict {
        _ = try await child.call(.engineStart(instance: 1), deadline: Self.deadline(.seconds(5)))
        let bytes = try await child.call(.engineModels(instance: 1), deadline: Self.deadline(.seconds(5)))
        guard let models = try? JSONValue(parsing: bytes).array,
            models.allSatisfy({ $0["id"]?.string?.isEmpty == false })
        else { return .fail("ENGINE-2", "`models` wrote no array of {\"id\", …}") }
        return .pass("\(models.count) models")
    }

    @Sendable private func chat(_ child: PluginChild) async throws -> Verdict {
        _ = try await child.call(.engineStart(instance: 1), deadline: Self.deadline(.seconds(5)))
        for request in material.documents {
            let pieces = PieceCounter()
            do throws(PluginFault) {
                _ = try await child.call(
                    .engineChat(instance: 1, request: request.text()), deadline: Self.deadline(.seconds(5)),
                    listener: pieces)
            } catch {
                if error.code == "plugin.fault" || error.lostChild { throw error }
                continue
            }
            guard pieces.count > 0 else { continue }
            let cut = try await subject.conformance(
                "sinks", TestMaterial(kind: kind, subject: subject).json, for: kind, rule: "SINK-2", services: [])
            return cut.status == .fail ? cut : .pass("an answer of \(pieces.count) pieces can be cut anywhere")
        }
        return .skip("it answers none of the requests; give one that it answers with --payload")
    }
}

private final class PieceCounter: CallListener {
    private let pieces = Mutex(0)
    var count: Int { pieces.withLock { $0 } }
    func delta(_ bytes: [UInt8]) { pieces.withLock { $0 += 1 } }
}
