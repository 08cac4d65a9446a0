import ArenaCore
import ArenaHTTPClient
import ArenaTestSupport
import Testing

/// Real TLS with certificates that no system knows.
@Suite(.temporaryDirectory, .timeLimit(.minutes(1))) struct CertificateTests {
    /// Gives `body` a client and an HTTPS server whose certificate is for `localhost`.
    private func withSecureServer(
        _ body: (HTTPClient, TLSFront, TestCertificates, StubServer) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates(in: TemporaryDirectory.path("certificates"))
        try await withServer { _, peer in
            peer.answer("hello")
            return true
        } _: { client, server in
            let front = try TLSFront(before: server.port, certificates)
            defer { front.stop() }
            try await body(client, front, certificates, server)
        }
    }

    private func request(_ front: TLSFront, trusting file: String?, host: String = "localhost") -> HTTPRequest {
        var request = HTTPRequest(url: "https://\(host):\(front.port)/", addresses: .loopback)
        request.headers = [HTTPField("Authorization", "Bearer sk-0123456789")]
        request.certificateFile = file
        return request
    }

    @Test func theAuthorityThatIsNamedOrTheServersOwnCertificateIsTrusted() async throws {
        try await withSecureServer { client, front, certificates, server in
            for file in [certificates.authority, certificates.server] {
                let text = try await client.text(request(front, trusting: file))
                #expect(text == "hello")
            }
            #expect(server.requests.first?.headers["authorization"] == "Bearer sk-0123456789")
        }
    }

    @Test func anAuthorityThatNobodyNamedIsRefusedBeforeAnythingIsSent() async throws {
        try await withSecureServer { client, front, certificates, server in
            for file in [nil, certificates.stranger] {
                let error = try #require(await client.failure(request(front, trusting: file)))
                #expect(error.code == "http.tls")
                #expect(error.category == .failedPrecondition)
                #expect(
                    error.message.hasPrefix("No safe connection to localhost:\(front.port): SSL certificate problem"))
                #expect(error.hint?.contains("naming its certificate") == true)
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func aCertificateForAnotherNameIsRefusedBeforeAnythingIsSent() async throws {
        try await withSecureServer { client, front, certificates, server in
            let wrong = request(front, trusting: certificates.authority, host: "127.0.0.1")
            let error = try #require(await client.failure(wrong))
            #expect(error.code == "http.tls")
            #expect(error.message.contains("127.0.0.1") && error.message.contains("name"), "\(error.message)")
            #expect(error.hint == "Write a name into the URL that the server's certificate is for.")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aConnectionThatOneRequestTrustsIsNotUsedByAnother() async throws {
        try await withSecureServer { client, front, certificates, server in
            for _ in 0..<2 {
                let text = try await client.text(request(front, trusting: certificates.authority))
                #expect(text == "hello")
            }
            #expect(server.connectionCount == 1)
            #expect(await client.failure(request(front, trusting: nil))?.code == "http.tls")
            #expect(server.requests.count == 2)
        }
    }

    @Test func aFileThatHoldsNoCertificateIsNamed() async throws {
        try await withSecureServer { client, front, certificates, _ in
            for file in ["/nowhere/ca.pem", certificates.folder + "/openssl.cnf"] {
                let error = try #require(await client.failure(request(front, trusting: file)))
                #expect(error.code == "http.tls")
                #expect(error.message.contains(file), "\(error.message)")
                #expect(error.hint?.contains("PEM") == true)
            }
        }
    }
}
