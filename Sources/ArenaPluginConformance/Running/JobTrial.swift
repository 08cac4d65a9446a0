import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire
import Synchronization

/// Runs attempts of a job against a host that only a check has.
struct JobTrial: Sendable {
    let subject: ExaminedPlugin
    let kind: ProvidedKind
    /// `nil`: all that the manifest asks for.
    var services: [String]?

    enum Outcome: Sendable {
        case done(JSONValue)
        /// The plugin said no, or `plugin.fault`: it broke a rule.
        case failed(Failure)
        /// Its process crashed, hung or was ended.
        case lost(PluginFault)
    }

    /// One attempt, from what the host has sealed.
    func run(_ payload: JSONValue, host: JobHost, within limit: Duration) async -> Outcome {
        let child: PluginChild
        do { child = try await subject.child(for: kind, services: services) } catch { return Self.outcome(error) }
        defer { child.kill() }
        let (attempt, checkpoint, sequence) = host.begin()
        do throws(PluginFault) {
            let bytes = try await child.call(
                .jobRun(
                    CallRequest.JobStart(
                        kind: kind.id, jobID: "check", attempt: attempt, payload: payload.text(),
                        checkpoint: checkpoint, sequence: sequence)),
                deadline: monotonicNanoseconds() + limit.nanoseconds, listener: host)
            guard let result = try? JSONValue(parsing: bytes), result.object != nil else {
                return .failed(
                    Failure(
                        code: "plugin.fault", category: .internalError, message: "`run` wrote no JSON object as result")
                )
            }
            return .done(result)
        } catch {
            return Self.outcome(error.naming(subject.id))
        }
    }

    private static func outcome(_ fault: PluginFault) -> Outcome {
        if case .failed(_, let failure, _) = fault.kind { return .failed(failure) }
        return .lost(fault)
    }
}

/// The host of a job in a check: it seals what is committed, and can refuse a service, keep silent, or end the child
/// the moment a commit is sealed.
final class JobHost: CallListener {
    struct Row: Hashable, Sendable {
        let type: String
        let key: String
        let json: String
    }

    private struct State {
        var attempt: UInt32 = 0
        var sealed: [Row] = []
        var pending: [Row] = []
        var checkpoint: [UInt8] = []
        var sequence: UInt64 = 0
        var values: [String: [UInt8]] = [:]
        var killsAt: UInt64?
        var refusals = 0
    }

    private let state = Mutex(State())
    private let refused: String?
    private let isSilent: Bool

    init(refusing service: String? = nil, isSilent: Bool = false) {
        refused = service
        self.isSilent = isSilent
    }

    /// The rows that were sealed, in an order of their own: a job may make them in any.
    var rows: Set<Row> { state.withLock { Set($0.sealed) } }
    /// How often the plugin asked for what is refused.
    var refusals: Int { state.withLock { $0.refusals } }
    var commits: UInt64 { state.withLock { $0.sequence } }

    /// Ends the child when commit number `commit` is sealed, before it is told.
    func kill(at commit: UInt64) { state.withLock { $0.killsAt = commit } }

    func begin() -> (attempt: UInt32, checkpoint: [UInt8], sequence: UInt64) {
        state.withLock { state in
            state.attempt += 1
            state.pending = []
            return (state.attempt, state.checkpoint, state.sequence)
        }
    }

    func requested(_ message: ServiceMessage, of child: PluginChild) {
        if isSilent { return }
        if message.request.method.serviceID == refused {
            state.withLock { $0.refusals += 1 }
            return child.reply(
                ReplyMessage(id: message.id, status: .permissionDenied, message: "The check refuses \(refused ?? "")."))
        }
        let (status, data) = answer(message.request)
        guard let data else { return child.kill() }
        child.reply(
            ReplyMessage(
                id: message.id, status: status, message: status == .ok ? "" : "The check has no such thing.",
                data: data))
    }

    /// `nil`: the child is ended.
    private func answer(_ request: ArenaPluginWire.ServiceRequest) -> (StatusCode, [UInt8]?) {
        state.withLock { state in
            switch request {
            case .jobPut(let type, let key, let json):
                let row = Row(type: type, key: key, json: json)
                if state.sealed.contains(where: { $0.type == type && $0.key == key }) { return (.alreadyExists, []) }
                state.pending.append(row)
                return (.ok, [])
            case .jobCommit(let checkpoint, let expected):
                guard expected == state.sequence else { return (.aborted, []) }
                state.sealed += state.pending
                state.pending = []
                state.checkpoint = checkpoint
                state.sequence += 1
                if state.killsAt == state.sequence {
                    state.killsAt = nil
                    return (.ok, nil)
                }
                return (.ok, withUnsafeBytes(of: state.sequence.littleEndian) { Array($0) })
            case .clockUnixMilliseconds:
                return (.ok, withUnsafeBytes(of: Int64(1_700_000_000_000).littleEndian) { Array($0) })
            case .kvGet(let key): return state.values[key].map { (.ok, $0) } ?? (.notFound, [])
            case .kvPut(let key, let value):
                state.values[key] = value
                return (.ok, [])
            case .kvRemove(let key):
                state.values[key] = nil
                return (.ok, [])
            case .kvKeys: return (.ok, Array("[]".utf8))
            default: return (.notFound, [])
            }
        }
    }
}
