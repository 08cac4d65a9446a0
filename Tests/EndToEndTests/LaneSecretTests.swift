import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// The key of a lane reaches its server, and nothing else: no answer, error, log, file or plugin.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(1)))
struct LaneSecretTests {
    private static let text = "sk-lane-0123456789-abcdef"

    /// A home whose lane `mine` asks the server with the key.
    private func withHome(
        _ script: @escaping StubServer.Script, _ body: (String, StubServer) async throws -> Void
    ) async throws {
        let server = try StubServer(script)
        defer { server.stop() }
        try await EvaluationRun.withHome { home in
            let set = try await CommandRun(
                ["secret", "set", "KEY", "--host", "127.0.0.1:\(server.port)"], home: home, input: Self.text)
            #expect(set.status == 0, "\(set.errors)")
            let add = try await CommandRun(
                [
                    "lane", "add", "mine", "--url", server.url("/v1"), "--model", "scripted", "--no-check", "--header",
                    "Authorization: Bearer ${secret:KEY}", "--json",
                ], home: home)
            #expect(add.status == 0, "\(add.errors)")
            try await body(home, server)
            for run in [set, add] { #expect(!run.words.contains(Self.text)) }
            try Self.expectNothing(in: home)
        }
    }

    /// Looks through every file of a home but the one that is there for secrets.
    private static func expectNothing(in home: String) throws {
        let files = try #require(FileManager.default.enumerator(atPath: home)).compactMap { $0 as? String }
        #expect(files.contains("arena.db") && files.contains("secrets"))
        for file in files where file != "secrets" {
            let content = FileManager.default.contents(atPath: "\(home)/\(file)") ?? Data()
            #expect(content.range(of: Data(text.utf8)) == nil, "\(file) holds the key")
        }
    }

    @Test func theServerGetsItAndNothingElseDoesEvenIfTheServerRepeatsIt() async throws {
        let model = ScriptedModel { _ in .repeatKey }
        try await withHome {
            model.serve($0, $1)
        } _: { home, server in
            let check = try await CommandRun(["lane", "check", "mine", "--json"], home: home)
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.json["chat"]?["content"] == "You sent Bearer ***. The answer is 7.")
            let eval = try await CommandRun(
                ["eval", "arithmetic-words", "--lane", "mine", "--limit", "4", "--json"], home: home)
            #expect(eval.status == 0, "\(eval.errors)")
            #expect(eval.json["result"]?["n_scored"] == 4)
            let show = try await CommandRun(["job", "show", eval.json["id"]?.string ?? ""], home: home)
            let list = try await CommandRun(["lane", "list", "--json"], home: home)
            for run in [check, eval, show, list] { #expect(!run.words.contains(Self.text)) }
            let chats = server.requests.filter { $0.path == "/v1/chat/completions" }
            #expect(chats.count == 5)
            #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer \(Self.text)" })
        }
    }

    @Test func aRefusalThatRepeatsItDoesNotShowIt() async throws {
        let words = #"{"error":{"message":"Invalid token. Received=\#(Self.text), expected another."}}"#
        try await withHome { _, peer in
            peer.answer(words, status: 401, headers: ["WWW-Authenticate: Bearer token=\(Self.text)"])
            return true
        } _: { home, _ in
            for arguments in [["lane", "check", "mine"], ["eval", "arithmetic-words", "--lane", "mine"]] {
                for form in [[], ["--json"]] {
                    let run = try await CommandRun(arguments + form, home: home)
                    #expect(run.status != 0)
                    #expect(run.words.contains("Received=***"), "\(run.words)")
                    #expect(!run.words.contains(Self.text))
                }
            }
        }
    }

    @Test func aRedirectToAnotherServerDoesNotTakeItAlong() async throws {
        let other = try StubServer { _, peer in
            peer.answer("{}")
            return true
        }
        defer { other.stop() }
        try await withHome { request, peer in
            peer.answer("", status: 307, headers: ["Location: \(other.url(request.path))"])
            return true
        } _: { home, server in
            let check = try await CommandRun(["lane", "check", "mine", "--json"], home: home)
            #expect(check.status != 0)
            #expect(check.errors.contains("redirect"), "\(check.errors)")
            #expect(server.requests.isEmpty == false)
            #expect(other.connectionCount == 0)
        }
    }

    @Test func aSecretForAnotherHostIsNotSent() async throws {
        try await withHome { _, peer in
            peer.answer("{}")
            return true
        } _: { home, server in
            let set = try await CommandRun(
                ["secret", "set", "KEY", "--host", "api.example.org"], home: home, input: Self.text)
            #expect(set.status == 0)
            let check = try await CommandRun(["lane", "check", "mine", "--json"], home: home)
            #expect(check.status == 77)
            #expect(check.errors.contains("The secret KEY is not for 127.0.0.1:\(server.port)."))
            #expect(server.connectionCount == 0)
        }
    }

    /// A codec in a child says what is to be sent and reads what came back; the host puts the key in between.
    @Test func itNeverStandsInTheMemoryOfAPlugin() async throws {
        let server = try StubServer { request, peer in
            peer.answer("You sent \(request.headers["authorization"] ?? "nothing").")
            return true
        }
        defer { server.stop() }
        let lane = LaneDefinition(
            id: "mine", type: "codec/obey", title: "Mine",
            endpoint: LaneEndpoint(server.url(), headers: [LaneHeader("Authorization", "Bearer ${secret:KEY}")]))
        try await TestHouse.withHouse(lanes: [lane]) { house in
            try house.runtime.options.secrets.set(try SecretName("KEY"), to: Secret(Self.text), hosts: [])
            let manifest: JSONValue = [
                "id": "codec", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
                "provides": [["interface": "arena.lane_type.codec/1", "id": "obey"]],
            ]
            try house.place("codec", from: "codec.c", manifest: manifest)
            try await house.settle("codec")
            let answer = try await house.runtime.lanes.perform(
                ["lane": "mine", "op": "chat", "request": ["do": "answer"]]
            ) { _ in }
            #expect(answer["content"] == "You sent Bearer ***.")
            #expect(server.requests.first?.headers["authorization"] == "Bearer \(Self.text)")
            let library = try #require(try await house.status("codec").sha256)
            let children = ProcessStatus.children(of: getpid()).filter { ProcessStatus.hasMapped(library, in: $0) }
            #expect(children.isEmpty == false)
            for child in children {
                #expect(try Self.memory(of: child, holds: "sent Bearer ***"))
                #expect(try Self.memory(of: child, holds: Self.text) == false)
            }
        }
    }

    /// Whether any memory that a process can write to holds a text.
    private static func memory(of pid: Int32, holds text: String) throws -> Bool {
        let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
        let memory = open("/proc/\(pid)/mem", O_RDONLY | O_CLOEXEC)
        try #require(memory >= 0, "errno \(errno)")
        defer { close(memory) }
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ")
            let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard fields[1].hasPrefix("rw"), ends.count == 2 else { continue }
            var bytes = [UInt8](repeating: 0, count: Int(min(ends[1] - ends[0], 64 << 20)))
            let count = pread(memory, &bytes, bytes.count, off_t(ends[0]))
            if count > 0, Data(bytes[..<count]).range(of: Data(text.utf8)) != nil { return true }
        }
        return false
    }
}
