import ArenaJSON
import Foundation

/// A headless browser that is driven through a pipe (DevTools protocol). Blocks: use it on a thread of its own.
final class Chromium {
    struct Failed: Error, CustomStringConvertible { let description: String }

    /// Where the browser lies; `nil` where there is none.
    static let path = ["chromium", "chromium-browser", "google-chrome"].lazy.map { "/usr/bin/\($0)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer: [UInt8] = []
    private var calls = 0
    private var session: String?
    private let deadline: ContinuousClock.Instant
    /// What the page's console, its exceptions and the browser complained about.
    private(set) var complaints: [String] = []

    /// - Parameter folder: holds the browser's profile; it is left behind.
    init(folder: String, within limit: Duration) throws {
        guard let path = Self.path else { throw Failed(description: "no browser") }
        deadline = .now + limit
        process.executableURL = URL(filePath: "/bin/sh")
        // The protocol is spoken on descriptors 3 and 4. As root the browser's own sandbox does not start.
        process.arguments = [
            "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", path, "--headless=new",
            "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
            "--user-data-dir=\(folder)", "about:blank",
        ]
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? .null
        session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"]?.string
        for domain in ["Page", "Runtime", "Log"] { _ = try call("\(domain).enable") }
    }

    func close() {
        process.terminate()
        process.waitUntilExit()
    }

    func open(_ url: String) throws { _ = try call("Page.navigate", ["url": .string(url)]) }

    /// The value of an expression in the page.
    @discardableResult
    func evaluate(_ expression: String) throws -> JSONValue {
        let answer = try call(
            "Runtime.evaluate",
            ["expression": .string(expression), "returnByValue": true, "awaitPromise": true, "userGesture": true])
        if let exception = answer["exceptionDetails"] { throw Failed(description: exception.text()) }
        return answer["result"]?["value"] ?? .null
    }

    /// Waits until an expression is true.
    func wait(for expression: String) throws {
        while try evaluate("Boolean(\(expression))") != true {
            guard ContinuousClock.now < deadline else { throw Failed(description: "never true: \(expression)") }
            usleep(20_000)
        }
    }

    private func call(_ method: String, _ parameters: JSONValue = [:]) throws -> JSONValue {
        calls += 1
        var message: JSONObject = ["id": JSONValue(calls), "method": .string(method), "params": parameters]
        if let session { message["sessionId"] = .string(session) }
        try input.fileHandleForWriting.write(contentsOf: Data(JSONValue.object(message).bytes() + [0]))
        while true {
            let answer = try receive()
            guard answer["id"]?.int == calls else {
                note(answer)
                continue
            }
            if let error = answer["error"] { throw Failed(description: "\(method): \(error.text())") }
            return answer["result"] ?? .null
        }
    }

    private func receive() throws -> JSONValue {
        let descriptor = output.fileHandleForReading.fileDescriptor
        while true {
            if let end = buffer.firstIndex(of: 0) {
                defer { buffer.removeFirst(end + 1) }
                return try JSONValue(parsing: Array(buffer[..<end]))
            }
            let left = max(0, (deadline - .now) / .milliseconds(1))
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Int32(left)) == 1 else { throw Failed(description: "the browser is silent") }
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { throw Failed(description: "the browser is gone") }
            buffer += bytes[..<count]
        }
    }

    private func note(_ event: JSONValue) {
        let parameters = event["params"] ?? .null
        switch event["method"]?.string {
        case "Runtime.exceptionThrown": complaints.append(parameters["exceptionDetails"]?.text() ?? "")
        case "Runtime.consoleAPICalled" where ["error", "warning"].contains(parameters["type"]?.string):
            complaints.append(parameters["args"]?.text() ?? "")
        case "Log.entryAdded" where parameters["entry"]?["level"] == "error":
            complaints.append(parameters["entry"]?.text() ?? "")
        default: break
        }
    }
}
