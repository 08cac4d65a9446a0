import ArenaCore
import ArenaJSON
import ArenaPluginWire
import ArenaTestSupport
import CLinux
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A running arena-worker and this test's end of its socket. Ended with the value at the latest.
final class WorkerProcess {
    let pid: pid_t
    private(set) var socket: Int32
    private var decoder = FrameDecoder()
    private let standardError: String
    private var status: Int32?

    /// What a worker that hangs costs a test at most.
    private static let patience: Duration = .seconds(20)

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - user: The user and group that it runs as.
    ///   - secret: A path that the plugin's constructor tries to read.
    init(as user: TestUser = .current, secret: String? = nil) throws {
        var pair: [Int32] = [-1, -1]
        try #require(arena_linux_socket_pair(&pair) == 0)
        socket = pair[0]
        standardError = "/tmp/arena-worker-stderr-\(Identifier.random())"
        var environment = ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
        if let secret { environment.append("ARENA_TEST_SECRET=\(secret)") }
        let spawn = Spawn(
            arguments: user.prefix + [try Self.executable()], environment: environment, socket: pair[1],
            standardError: standardError)
        pid = try SpawningThread.shared.start(spawn)
        close(pair[1])
    }

    deinit {
        if status == nil {
            kill(pid, SIGKILL)
            _ = try? exitStatus()
        }
        if socket >= 0 { close(socket) }
        unlink(standardError)
    }

    /// Beside the executable of the tests.
    static func executable() throws -> String {
        let own = try #require(realpath("/proc/self/exe", nil))
        defer { free(own) }
        let folder = String(cString: own).split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let beside = folder.joined(separator: "/") + "/arena-worker"
        return try #require(access(beside, X_OK) == 0 ? beside : nil)
    }

    func send(_ message: HostMessage) throws { try send(bytes: try message.encode()) }

    func send(bytes: [UInt8]) throws {
        let error = bytes.withUnsafeBytes { arena_linux_send_all(socket, $0.baseAddress, UInt64($0.count)) }
        try #require(error == 0)
    }

    /// The next message; `nil` at the end of the stream.
    func receive() throws -> ChildMessage? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if let frame = try decoder.next() { return try ChildMessage(frame) }
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            try #require(poll(&descriptor, 1, Int32(Self.patience.milliseconds)) == 1, "the worker says nothing")
            let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return nil }
            buffer.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// Closes this end: what a worker sees of a host that was killed.
    func hangUp() {
        close(socket)
        socket = -1
    }

    /// How it ended, as `waitpid` says.
    func exitStatus() throws -> Int32 {
        if let status { return status }
        let descriptor = arena_linux_pidfd_open(pid)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var ended = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(poll(&ended, 1, Int32(Self.patience.milliseconds)) == 1, "the worker does not end")
        var status: Int32 = 0
        try #require(waitpid(pid, &status, 0) == pid)
        self.status = status
        return status
    }

    /// What the plugin printed, once the process has ended.
    func printed() throws -> String {
        _ = try exitStatus()
        let file = try #require(fopen(standardError, "r"))
        defer { fclose(file) }
        var text = ""
        while let line = readLine(file) { text += line }
        return text
    }

    private func readLine(_ file: UnsafeMutablePointer<FILE>) -> String? {
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        guard getline(&line, &capacity, file) > 0 else { return nil }
        return line.map { String(cString: $0) }
    }
}

/// How a process ended.
enum Ending: Equatable {
    case exited(Int32)
    case signaled(Int32)

    init(_ status: Int32) { self = status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signaled(status & 0x7F) }
}

/// Whom a worker runs as.
enum TestUser: String, CaseIterable, CustomTestStringConvertible {
    case current
    /// User and group 1000, which root becomes through setpriv.
    case ordinary

    var testDescription: String { rawValue }

    var prefix: [String] {
        self == .current ? [] : ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"]
    }

    /// Those that a worker can run as here: the other one needs root, and a checkout that it may enter.
    static let possible = allCases.filter { user in
        guard user == .ordinary else { return true }
        guard getuid() == 0, !Compiler.installed(of: ["setpriv"]).isEmpty else { return false }
        guard let path = try? WorkerProcess.executable() else { return false }
        return (try? Compiler.run("setpriv", Array(user.prefix.dropFirst()) + ["test", "-x", path])) != nil
    }
}
