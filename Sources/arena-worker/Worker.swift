import ArenaCore
import ArenaPluginABI
import ArenaPluginWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The process once its plugin is loaded: one thread reads what the host says, each call has a thread, and the main
/// thread does what belongs to it.
final class Worker: Sendable {
    let library: PluginLibrary
    let hello: Hello
    let connection: Connection
    let desk: ServiceDesk
    let instances = InstanceTable()
    let threads = CallThreads()
    let census: ThreadCensus
    /// What the process was like before the library was loaded, when a check asks for it.
    let before: ProcessState?
    private let main = Gate(MainState())

    private struct MainState {
        var probe: RunningCall?
        var isLeaving = false
        var runningCalls = 0
        /// After a probe, which ends with `shutdown`, the library is of no more use.
        var isShutDown = false

        /// The probe belongs to the main thread and to no other call beside it.
        var mayProbe: Bool { probe != nil && runningCalls == 1 }
        var mayLeave: Bool { isLeaving && runningCalls == 0 }
    }

    private init(
        _ library: PluginLibrary, _ hello: Hello, _ connection: Connection, _ desk: ServiceDesk, _ census: ThreadCensus,
        before: ProcessState?
    ) {
        self.library = library
        self.hello = hello
        self.connection = connection
        self.desk = desk
        self.census = census
        self.before = before
    }

    /// Follows `hello`: fences, then the reader, then the library. On the main thread, the only one.
    static func start(
        _ hello: Hello, connection: Connection, reader: MessageReader, census: ThreadCensus
    ) throws(Failure) -> Worker {
        guard hello.abiMajor == PluginLibrary.abiMajor else {
            throw Failure(
                code: "worker.host_mismatch", category: .failedPrecondition,
                message: "The host has plugin ABI \(hello.abiMajor), arena-worker has \(PluginLibrary.abiMajor).",
                hint: "Install arena and arena-worker from the same build.")
        }
        let fences = Fences.putUp(hello.sandbox)
        let desk = ServiceDesk(connection)
        let inbox = Inbox()
        // Before the library, whose constructors may hang: even then the process ends with its host.
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
        let before = hello.isExamined ? ProcessState() : nil
        let library = try load(hello, connection, desk)
        let worker = Worker(library, hello, connection, desk, census, before: before)
        inbox.open(worker)
        let entry = Ready.Entry(
            id: library.id, version: library.version, abiMajor: PluginLibrary.abiMajor, abiMinor: library.abiMinor)
        try? connection.send(.ready(Ready(nonce: hello.nonce, entry: entry, fences: fences).json))
        return worker
    }

    private static func load(
        _ hello: Hello, _ connection: Connection, _ desk: ServiceDesk
    ) throws(Failure) -> PluginLibrary {
        do {
            let library = try PluginLibrary(path: hello.library, bindsNow: hello.bindsNow)
            guard library.id == hello.plugin.id, library.version == hello.plugin.version else {
                throw Failure(
                    code: "plugin.manifest_mismatch", category: .failedPrecondition,
                    message: "The library calls itself \(library.id) \(library.version), its manifest "
                        + "\(hello.plugin.id) \(hello.plugin.version).",
                    hint: "Build library and manifest from the same sources.")
            }
            let host = HostTable(
                version: hello.hostVersion,
                grants: ServiceGrants(granted: Set(hello.services), withheld: hello.withheld),
                services: WireServices(desk: desk, seed: hello.seed)
            ) { connection.log(2, $0) }
            try library.initialize(host: host, in: CallContext(observer: InitObserver(connection: connection)))
            return library
        } catch {
            throw Failure(error)
        }
    }

    // MARK: The reader's thread

    func receive(_ message: HostMessage) {
        switch message {
        case .call(let call): begin(RunningCall(call, connection: connection))
        case .cancel(let id): desk.call(id)?.cancel()
        case .reply(let reply): desk.deliver(reply)
        case .credit(let id, let bytes): desk.call(id)?.add(credit: bytes)
        case .bye: main.update { $0.isLeaving = true }
        case .hello: _exit(ExitStatus.brokenFrame)
        }
    }

    private func begin(_ call: RunningCall) {
        guard desk.add(call) else { _exit(ExitStatus.brokenFrame) }
        let isProbe = call.message.request.belongsToMain
        let refusal: String? = main.withLock { state in
            if state.isShutDown || state.isLeaving { return "The plugin is shut down." }
            if state.probe != nil { return "The plugin is being probed." }
            state.runningCalls += 1
            if isProbe { state.probe = call }
            return nil
        }
        if let refusal {
            _ = desk.remove(call)
            return connection.send(
                ResultMessage(id: call.message.id, status: .failedPrecondition, message: refusal))
        }
        // The main thread waits for nothing but what is its own: a call does not wake it.
        if isProbe { main.update { _ in } } else { startThread(for: call) }
    }

    private func startThread(for call: RunningCall) {
        let turn: Turn?
        do {
            turn = try self.turn(for: call.message.request)
        } catch {
            return end(call, .failure(error))
        }
        let isRunning = threads.run { [self] in
            turn?.wait()
            end(call, Result { () throws(CallFailure) in try perform(call, on: turn?.instance) })
            // After its result was sent, so that the results of one instance keep the order of their calls.
            turn?.end()
        }
        if !isRunning {
            turn?.end()
            end(call, .failure(CallFailure(.resourceExhausted, "The process cannot start a further thread.")))
        }
    }

    private func end(_ call: RunningCall, _ outcome: Result<[UInt8], CallFailure>) {
        let id = call.message.id
        switch outcome {
        case .success(let payload):
            connection.send(ResultMessage(id: id, status: .ok, payload: payload))
        case .failure(let failure):
            connection.send(
                ResultMessage(id: id, status: failure.status, message: failure.message, detail: failure.wireDetail))
        }
        _ = desk.remove(call)
        let isMainWanted = main.withLock { state in
            state.runningCalls -= 1
            return state.mayProbe || state.mayLeave
        }
        if isMainWanted { main.update { _ in } }
    }

    // MARK: The main thread

    /// Serves until the host says `bye`.
    func serve() -> Never {
        while true {
            let probe = main.wait(while: { !$0.mayProbe && !$0.mayLeave }) { $0.probe }
            guard let probe, let call = probe else { leave() }
            let report = examine(call)
            main.update { state in
                state.probe = nil
                state.isShutDown = true
            }
            end(call, report)
        }
    }

    private func leave() -> Never {
        let isShutDown = main.withLock { $0.isShutDown }
        if !isShutDown {
            instances.destroyAll()
            library.shutdown()
        }
        fflush(nil)
        _exit(ExitStatus.done)
    }
}
