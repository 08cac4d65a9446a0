import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire

/// Examines a plugin that nobody has used yet, on the main thread, and ends with its `shutdown`.
///
/// What hangs or crashes here is seen by the host: it waits for the report no longer than its deadline.
struct Probe {
    private let worker: Worker
    private let call: RunningCall
    private let context: CallContext

    init(worker: Worker, call: RunningCall) {
        self.worker = worker
        self.call = call
        context = call.context()
    }

    /// One thing that was examined.
    private struct Check {
        let name: String
        let subject: String
        /// Empty: as it should be.
        var fault = ""
        /// What is worth knowing though it is no fault.
        var note = ""

        var json: JSONValue {
            [
                "check": .string(name), "subject": .string(subject), "ok": .bool(fault.isEmpty),
                "message": .string(fault.isEmpty ? note : fault),
            ]
        }
    }

    private struct Provided {
        let interface: String
        let kind: String
        var subject: String { "\(interface) \(kind)" }
    }

    /// The report, `{"ok", "checks": [{"check", "subject", "ok", "message"}], "threads_left_behind"}`, as JSON.
    func run() -> Result<[UInt8], CallFailure> {
        guard case .probe(let expectation) = call.message.request, let provided = provided(expectation) else {
            return .failure(CallFailure(.invalidArgument, "What to probe is not told."))
        }
        let ownThreads = (worker.census.count() ?? 0)
        var checks = [entry()]
        for item in provided { checks.append(declared(item)) }
        checks += nonsense(provided)
        for item in provided where checks.allSatisfy({ $0.fault.isEmpty || $0.subject != item.subject }) {
            if let check = use(item) { checks.append(check) }
        }
        worker.library.shutdown()
        let left = worker.census.countBeyond(baseline(ownThreads))
        checks.append(
            Check(
                name: "threads", subject: worker.library.id,
                fault: left ?? 0 > 0 ? "\(left ?? 0) threads were left behind by `shutdown`." : ""))
        let report: JSONValue = [
            "ok": .bool(checks.allSatisfy(\.fault.isEmpty)),
            "checks": .array(checks.map(\.json)),
            "threads_left_behind": left.map { JSONValue($0) } ?? .null,
        ]
        return .success(report.bytes())
    }

    /// The threads of this process's own: main, reader and those that ran calls. What the library started in its
    /// constructors or in `init` is not among them.
    private func baseline(_ now: Int) -> Int { min(now, 2 + worker.threads.count) }

    private func provided(_ expectation: String) -> [Provided]? {
        guard let document = try? JSONValue(parsing: expectation), let items = document["provides"]?.array else {
            return nil
        }
        var provided: [Provided] = []
        for item in items {
            guard let interface = item["interface"]?.string, let kind = item["id"]?.string else { return nil }
            provided.append(Provided(interface: interface, kind: kind))
        }
        return provided
    }

    /// [ENTRY-1]; id and version were compared before `init`.
    private func entry() -> Check {
        var check = Check(name: "entry", subject: worker.library.id)
        if !worker.library.entryIsStatic { check.fault = "The entry function returned two different tables." }
        return check
    }

    /// [ENTRY-6]
    private func declared(_ item: Provided) -> Check {
        var check = Check(name: "interface", subject: item.subject)
        if let interface = PluginInterface(rawValue: item.interface) {
            do {
                try worker.library.check(interface, kind: item.kind)
            } catch {
                check.fault = error.message
            }
        } else if !worker.library.offers(item.interface, kind: item.kind) {
            check.fault = "The library has no \(item.subject)."
        } else {
            check.note = "This host does not know the interface."
        }
        return check
    }

    /// [ENTRY-5]
    private func nonsense(_ provided: [Provided]) -> [Check] {
        let foreign = "arena.no_such_interface/1"
        let stranger = "no such kind"
        var checks: [Check] = []
        for item in provided {
            var check = Check(name: "nonsense", subject: item.subject)
            if worker.library.offers(foreign, kind: item.kind) {
                check.fault = "The library offers an interface that does not exist."
            } else if worker.library.offers(item.interface, kind: stranger) {
                check.fault = "The library offers a kind that does not exist."
            }
            checks.append(check)
        }
        return checks
    }

    /// Makes and destroys an object with an empty configuration, or validates an empty payload. To fail is fine, since
    /// the schema may ask for more; to fail without a reason is not.
    private func use(_ item: Provided) -> Check? {
        var check = Check(name: "use", subject: item.subject)
        do {
            switch PluginInterface(rawValue: item.interface) {
            case .scorer: try worker.library.scorer(item.kind).create(config: "{}", in: context).destroy()
            case .laneCodec: try worker.library.laneCodec(item.kind).create(config: "{}", in: context).destroy()
            case .laneEngine: try worker.library.laneEngine(item.kind).create(config: "{}", in: context).destroy()
            case .jobKind:
                let issues = try worker.library.jobKind(item.kind).validate(payload: "{}", in: context)
                if (try? JSONValue(parsing: issues))?.array == nil { check.fault = "`validate` wrote no JSON array." }
            case .rubric: check.fault = try RubricProbe(context).fault(of: worker.library.rubric(item.kind)) ?? ""
            default: return nil
            }
        } catch let failure as CallFailure {
            if failure.isPluginFault { check.fault = failure.message } else { check.note = failure.message }
        } catch {
            check.fault = Failure(error).message
        }
        return check
    }
}
