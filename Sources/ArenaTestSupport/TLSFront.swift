import Foundation

/// A certificate for `localhost`, the authority that signed it, and another authority that nobody has heard of: made
/// with the `openssl` command, good for two days.
package struct TestCertificates {
    package struct Failed: Error, CustomStringConvertible { package let description: String }

    package let folder: String
    /// Of the authority.
    package var authority: String { folder + "/authority.pem" }
    package var stranger: String { folder + "/stranger.pem" }
    /// Of the server.
    package var server: String { folder + "/server.pem" }
    fileprivate var key: String { folder + "/server.key" }

    private static let configuration = """
        [req]
        distinguished_name = name
        [name]
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign
        subjectKeyIdentifier = hash
        [server]
        basicConstraints = critical, CA:FALSE
        subjectAltName = DNS:localhost
        """

    /// - Parameter folder: is made; the caller removes it.
    package init(in folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.configuration.utf8).write(to: URL(filePath: folder + "/openssl.cnf"))
        for name in ["authority", "stranger"] { try request(name, extensions: "authority") }
        try request("server", extensions: "server", ["-CA", authority, "-CAkey", folder + "/authority.key"])
    }

    private func request(_ name: String, extensions: String, _ signer: [String] = []) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "openssl", "req", "-x509", "-config", folder + "/openssl.cnf", "-extensions", extensions, "-newkey",
                "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=arena test \(name)",
                "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem",
            ] + signer
        let notes = Pipe()
        process.standardError = notes
        try process.run()
        let text = String(decoding: notes.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(description: "openssl: \(text)") }
    }
}

/// TLS on a free port of 127.0.0.1 before a server without it: a process of Python, which ends when it is stopped or
/// this process is gone.
package final class TLSFront {
    package let port: Int
    private let process = Process()
    private let input = Pipe()
    private static let program = CompiledPlugin.checkout + "/Tests/Fixtures/tls_front.py"

    package init(before port: Int, _ certificates: TestCertificates) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.program, certificates.server, certificates.key, "\(port)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = output.fileHandleForReading.availableData
        guard let number = Int(String(decoding: line, as: UTF8.self).prefix(while: \.isNumber)) else {
            kill(process.processIdentifier, SIGKILL)
            throw TestCertificates.Failed(description: "python3 did not listen")
        }
        self.port = number
    }

    package func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
