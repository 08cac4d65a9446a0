import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// A lane on a box of one's own, whose certificate no system knows.
@Suite(.startsProcesses, .serialized, .temporaryDirectory, .timeLimit(.minutes(1)))
struct SecureLaneTests {
    private func withBox(
        _ body: (String, TLSFront, TestCertificates, StubServer) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates(in: TemporaryDirectory.path("certificates"))
        let model = ScriptedModel()
        let server = try StubServer { model.serve($0, $1) }
        defer { server.stop() }
        let front = try TLSFront(before: server.port, certificates)
        defer { front.stop() }
        try await EvaluationRun.withHome { home in try await body(home, front, certificates, server) }
    }

    private func add(_ front: TLSFront, _ home: String, _ more: String..., host: String = "localhost") async throws
        -> CommandRun
    {
        let url = "https://\(host):\(front.port)/v1"
        return try await CommandRun(
            ["lane", "add", "box", "--url", url, "--model", "scripted", "--json"] + more, home: home)
    }

    @Test func itsOwnAuthorityIsTrustedWhereItIsNamed() async throws {
        try await withBox { home, front, certificates, server in
            let added = try await add(front, home, "--ca-file", certificates.authority)
            #expect(added.status == 0, "\(added.errors)")
            #expect(added.json["lane"]?["ca_file"]?.string == certificates.authority)
            let check = try await CommandRun(["lane", "check", "box", "--json"], home: home)
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.json["chat"]?["content"] == "The answer is 7.")
        }
    }

    @Test func aPathInTheFileStartsAtTheHome() async throws {
        try await withBox { home, front, certificates, _ in
            try FileManager.default.copyItem(atPath: certificates.server, toPath: home + "/box.pem")
            let yaml = """
                lanes:
                  - {id: box, type: openai, base_url: "https://localhost:\(front.port)", ca_file: box.pem}

                """
            try Data(yaml.utf8).write(to: URL(filePath: home + "/arena.yaml"))
            let check = try await CommandRun(["lane", "check", "box", "--no-chat", "--json"], home: home)
            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test func withoutItNothingIsSentAndTheCureIsNamed() async throws {
        try await withBox { home, front, certificates, server in
            for more in [[], ["--ca-file", certificates.stranger]] {
                let refused = try await CommandRun(
                    ["lane", "add", "box", "--url", "https://localhost:\(front.port)"] + more, home: home)
                #expect(refused.status == 69, "\(refused.errors)")
                #expect(refused.errors.contains("No safe connection to localhost:\(front.port)"))
                #expect(refused.errors.contains("ca_file"), "\(refused.errors)")
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        try await withBox { home, front, certificates, server in
            let refused = try await add(front, home, "--ca-file", certificates.authority, host: "127.0.0.1")
            #expect(refused.status == 69)
            #expect(refused.errors.contains("127.0.0.1") && refused.errors.contains("certificate is for"))
            #expect(server.requests.isEmpty)
        }
    }
}
