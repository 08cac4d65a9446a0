import ArenaCore
import ArenaPluginABI
import Synchronization

extension Conformance {
    /// Functions that may be called from several threads are, at once; objects do not disturb each other.
    func threads(_ exercise: some Exercise) -> Findings {
        announce("one thread")
        let plain = exercise.perform()
        var findings = Findings()
        announce("four threads, an object each")
        for performance in atOnce({ _ in exercise.perform() }) {
            compare(performance, with: plain, "MEM-4", "an object on each of four threads", &findings)
        }
        guard exercise.isReentrant else { return findings }
        announce("four threads on one object")
        var opening = Performance()
        guard let object = exercise.open(Conditions(), &opening) else { return findings }
        let before = opening
        let shared = atOnce { _ in
            var performance = before
            exercise.use(object, Conditions(), &performance)
            return performance
        }
        exercise.close(object)
        for performance in shared {
            compare(performance, with: plain, exercise.sharingRule, "one object on four threads", &findings)
        }
        return findings
    }

    /// Runs `body` on four threads at once, twice.
    private func atOnce(_ body: @escaping @Sendable (Int) -> Performance) -> [Performance] {
        struct State {
            var ready = 0
            var done: [Performance] = []
            var ended = 0
        }
        let count = 4
        let gate = Gate(State())
        for index in 0..<count {
            let error = PluginThread.start("arena-check") {
                // They begin together, or they would run one after the other.
                gate.update { $0.ready += 1 }
                _ = gate.wait(while: { $0.ready < count }) { _ in true }
                let performances = [body(index), body(index)]
                gate.update { state in
                    state.done += performances
                    state.ended += 1
                }
            }
            if error != 0 {
                gate.update { state in
                    state.ready += 1
                    state.ended += 1
                }
            }
        }
        return gate.wait(while: { $0.ended < count }) { $0.done } ?? []
    }

    /// [CALL-2] [CALL-3]: within 200 ms of the cancel flag and of the deadline.
    func cancellation(_ exercise: some Exercise) -> Findings {
        var findings = Findings()
        let bent = [
            ("calls that are cancelled from the start", Conditions(cancelsAfter: 0)),
            ("calls that are cancelled after 20 ms", Conditions(cancelsAfter: 20_000_000)),
            ("calls whose deadline has passed", Conditions(deadlineAfter: 1)),
            ("calls whose deadline passes after 20 ms", Conditions(deadlineAfter: 20_000_000)),
        ]
        for (name, conditions) in bent {
            announce(name)
            findings.faults += exercise.perform(conditions).faults.filter {
                ["CALL-2", "CALL-3", "ERR-2", "ERR-3"].contains($0.rule)
            }
        }
        return findings
    }
}
