import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import ArenaTestSupport
import CLinux
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A worker that has loaded a plugin, and the questions that a host asks it.
final class WorkerSession {
    let worker: WorkerProcess
    let ready: Ready
    private(set) var logs: [LogMessage] = []
    private var lastCall: UInt64 = 0

    /// Starts a worker, says hello and waits for ready.
    init(
        _ plugin: CompiledPlugin, id: String, version: String = "1.0.0", as user: TestUser = .current,
        secret: String? = nil, services: [String] = [], withheld: [String: String] = [:], seed: UInt64 = 0,
        sandbox: Hello.Sandbox? = nil
    ) throws {
        worker = try WorkerProcess(as: user, secret: secret)
        let hello = Hello(
            nonce: "n1", library: plugin.path, plugin: Hello.Plugin(id: id, version: version, sha256: ""),
            services: services, withheld: withheld, seed: seed, sandbox: try sandbox ?? .tests(plugin))
        try worker.send(.hello(hello.json))
        while true {
            switch try #require(try worker.receive()) {
            case .ready(let document):
                ready = try Ready(document)
                return
            case .refused(let document): throw try Refusal.failure(document)
            case .log(let line): logs.append(line)
            case let other: throw Unexpected(message: "\(other)")
            }
        }
    }

    struct Unexpected: Error { let message: String }

    /// Sends a call and gives its id.
    func begin(_ request: CallRequest, credit: UInt32 = 1 << 20, deadline: UInt64 = 0) throws -> UInt64 {
        lastCall += 1
        try worker.send(
            .call(CallMessage(id: lastCall, deadlineNanoseconds: deadline, credit: credit, request: request)))
        return lastCall
    }

    /// The next message that is no line of a log.
    func next() throws -> ChildMessage {
        while true {
            let message = try #require(try worker.receive(), "the worker is gone")
            guard case .log(let line) = message else { return message }
            logs.append(line)
        }
    }

    /// Sends a call and waits for its result.
    func call(_ request: CallRequest) throws -> ResultMessage {
        let id = try begin(request)
        guard case .result(let result) = try next(), result.id == id else { throw Unexpected(message: "no result") }
        return result
    }

    /// Has the plugin `hostile` do something; its answer: `allowed`, or the name of an error.
    func act(_ what: String, _ object: String = "") throws -> String {
        let batch = ScoreBatch([ScoreItem(itemID: "", input: object, output: what)])
        let result = try call(.scorerScore(instance: 1, batch: batch.bytes))
        try #require(result.status == .ok, "\(result.message)")
        return try ScoreResults(decoding: result.payload, count: 1)[0].explain
    }

    /// Makes instance 1 of the plugin `hostile`.
    static func hostile(
        _ defines: [String] = [], as user: TestUser = .current, secret: String? = nil,
        sandbox: ((CompiledPlugin) throws -> Hello.Sandbox)? = nil
    ) throws -> WorkerSession {
        let plugin = try CompiledPlugin.shared("hostile.c", defines: defines)
        let session = try WorkerSession(
            plugin, id: "hostile", as: user, secret: secret, sandbox: try sandbox?(plugin))
        let created = try session.call(.scorerCreate(instance: 1, kind: "act", config: "{}"))
        try #require(created.status == .ok)
        return session
    }
}

extension Hello.Sandbox {
    /// All fences, with what any library needs to be loaded.
    static func tests(
        _ plugin: CompiledPlugin, emptyNetwork: Bool = true, readWrite: [String] = [], limits: Hello.Limits = .init(),
        simulateRefusal: [String] = []
    ) throws -> Hello.Sandbox {
        var path = [CChar](repeating: 0, count: 4096)
        try #require(arena_linux_symbol_path("swift_retain", &path, UInt64(path.count)) == 0)
        let library = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let swift = library.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return Hello.Sandbox(
            emptyNetwork: emptyNetwork,
            readOnly: [plugin.folder, "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", swift],
            readWrite: ["/dev/null"] + readWrite, limits: limits, simulateRefusal: simulateRefusal)
    }
}
