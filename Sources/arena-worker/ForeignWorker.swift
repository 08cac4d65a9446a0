import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The process that serves a scorer without Arena code: a function of a C library, or a program.
///
/// One scorer, one call at a time, on the main thread; a second thread reads, so that a cancellation is heard and the
/// end of the host ends the process whatever the scorer does.
final class ForeignWorker: Sendable {
    private let scorer: any BatchScorer
    private let connection: Connection
    private let inbox: ForeignInbox

    private init(_ scorer: any BatchScorer, _ connection: Connection, _ inbox: ForeignInbox) {
        self.scorer = scorer
        self.connection = connection
        self.inbox = inbox
    }

    /// Follows `hello`: the fences, with the program between them if it is one, the reader, the library. On the main
    /// thread, the only one.
    static func start(
        _ document: JSONValue, _ hello: Hello, connection: Connection, reader: MessageReader
    ) throws(Failure) -> ForeignWorker {
        let declared = try ForeignDeclaration(document)
        var fences: Ready.Fences
        var program: ProgramScorer?
        if case .program(let launch) = declared {
            let process = try ProgramProcess.launch(launch, hello.sandbox)
            fences = process.fences
            program = ProgramScorer(process)
        } else {
            fences = Fences.putUp(hello.sandbox)
        }
        let inbox = ForeignInbox()
        let error = PluginThread.start("arena-reader", stackBytes: 512 << 10) {
            var reader = reader
            while true { inbox.receive(reader.next()) }
        }
        guard error == 0 else {
            throw Failure(
                code: "worker.no_thread", category: .resourceExhausted,
                message: "The process cannot start a thread (errno \(error)).",
                hint: "Raise the plugin's limits on processes or memory.")
        }
        let scorer: any BatchScorer
        switch declared {
        case .function(let function, let isGuarded): scorer = try FunctionScorer(function, isGuarded: isGuarded)
        case .program:
            guard let program else { throw ForeignDeclaration.unreadable }
            scorer = program
        }
        let entry = Ready.Entry(
            id: hello.plugin.id, version: hello.plugin.version, abiMajor: PluginLibrary.abiMajor,
            abiMinor: PluginLibrary.abiMinor)
        try? connection.send(.ready(Ready(nonce: hello.nonce, entry: entry, fences: fences).json))
        return ForeignWorker(scorer, connection, inbox)
    }

    /// Serves until the host says `bye`.
    func serve() -> Never {
        while let message = inbox.next() {
            let call = RunningCall(message, connection: connection)
            inbox.begin(call)
            let outcome = Result { () throws(CallFailure) in try perform(call) }
            inbox.end()
            switch outcome {
            case .success(let payload):
                connection.send(ResultMessage(id: message.id, status: .ok, payload: payload))
            case .failure(let failure):
                connection.send(
                    ResultMessage(
                        id: message.id, status: failure.status, message: failure.message, detail: failure.wireDetail))
            }
        }
        scorer.destroy()
        fflush(nil)
        _exit(ExitStatus.done)
    }

    private func perform(_ call: RunningCall) throws(CallFailure) -> [UInt8] {
        switch call.message.request {
        case .scorerCreate(_, _, let config):
            (scorer as? ProgramScorer)?.configure(config)
            return []
        case .scorerDestroy: return []
        case .scorerScore(_, let bytes):
            let batch: ScoreBatch
            do throws(ScoreBatchError) { batch = try ScoreBatch(decoding: bytes) } catch {
                throw CallFailure(.invalidArgument, error.message)
            }
            return try scorer.score(batch, in: call.context()).encode()
        default: throw CallFailure(.unimplemented, "A scorer without Arena code only scores.")
        }
    }
}

/// What the host says, between the thread that reads and the one that scores.
final class ForeignInbox: Sendable {
    private struct State {
        var waiting: [CallMessage] = []
        var running: RunningCall?
        var isLeaving = false
    }

    private let state = Gate(State())

    /// A message has come. On the reader's thread.
    func receive(_ message: HostMessage) {
        switch message {
        case .call(let call): state.update { $0.waiting.append(call) }
        case .cancel(let id):
            let running = state.withLock { $0.running }
            if let running, running.message.id == id { running.cancel() }
        case .bye: state.update { $0.isLeaving = true }
        case .credit, .reply: break
        case .hello: _exit(ExitStatus.brokenFrame)
        }
    }

    /// The next call; `nil` once the host has said `bye` and all calls are answered.
    func next() -> CallMessage? {
        let next: CallMessage?? = state.wait(while: { $0.waiting.isEmpty && !$0.isLeaving }) { state in
            state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        return next ?? nil
    }

    func begin(_ call: RunningCall) { state.withLock { $0.running = call } }
    func end() { state.withLock { $0.running = nil } }
}

/// The member `foreign` of `hello`.
enum ForeignDeclaration {
    case function(ForeignFunction, isGuarded: Bool)
    case program(ProgramProcess.Launch)

    static let unreadable = Failure(
        code: "worker.host_mismatch", category: .failedPrecondition,
        message: "The host asks for a scorer in a form that arena-worker does not know.",
        hint: "Install arena and arena-worker from the same build.")

    init(_ json: JSONValue) throws(Failure) {
        if let function = json["function"].flatMap(ForeignFunction.init) {
            self = .function(function, isGuarded: json["guarded"]?.bool == true)
        } else if let launch = json["program"].flatMap(ProgramProcess.Launch.init) {
            self = .program(launch)
        } else {
            throw Self.unreadable
        }
    }
}
