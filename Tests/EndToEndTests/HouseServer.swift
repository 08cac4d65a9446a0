import ArenaCockpit
import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Logging
import Testing

/// The cockpit's server on a house's runtime, with the page and the description that Arena ships.
struct HouseServer: Sendable {
    static let token = "0123456789abcdef0123456789abcdef"

    let address: CockpitServer.Address
    /// Everything that it answers to, such as `GET /api/plugins local`.
    let routes: [String]

    static func run(
        on runtime: ArenaRuntime, _ body: @escaping @Sendable (HouseServer) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let assets = try PageAssets(
            ui: BundledFolder.path("ui"),
            openAPI: try #require(BundledFolder.path("docs")) + "/openapi.yaml")
        let options = CockpitOptions(port: 0, operatorToken: Secret(token), version: "1.2.3", assets: assets)
        let server = CockpitServer(options: options, backend: RuntimeBackend(runtime), logger: logger)
        let (addresses, listening) = AsyncStream.makeStream(of: CockpitServer.Address.self)
        let running = Task {
            defer { listening.finish() }
            try await server.run { listening.yield($0) }
        }
        defer { running.cancel() }
        for await address in addresses {
            try await body(HouseServer(address: address, routes: server.routeList))
            running.cancel()
            _ = await running.result
            return
        }
        try await running.value
    }

    struct Answer: Sendable {
        let status: Int
        let type: String
        let body: [UInt8]

        /// The body; `null` when it is not JSON.
        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    }

    /// Asks as the operator.
    func send(_ method: String, _ path: String, body: JSONValue? = nil) async throws -> Answer {
        let text = method == "GET" ? "" : body?.text() ?? ""
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(address.port)\r\nConnection: close\r\n"
        head += "Authorization: Bearer \(Self.token)\r\n"
        if method != "GET" { head += "Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n" }
        let bytes = await RawConnection.exchange(Array("\(head)\r\n\(text)".utf8), port: address.port)
        let parts = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
        let lines = String(decoding: bytes[..<parts.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let type = lines.first { $0.lowercased().hasPrefix("content-type: ") }?.dropFirst("content-type: ".count)
        return Answer(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, type: String(type?.prefix { $0 != ";" } ?? ""),
            body: Array(bytes[parts.upperBound...]))
    }

    /// The events of a stream up to the first one for which `isLast` is true: name, id, data.
    func events(
        _ path: String, lastEventID: String? = nil,
        until isLast: @escaping @Sendable ((name: String, id: String, data: JSONValue)) -> Bool
    ) async throws -> [(name: String, id: String, data: JSONValue)] {
        let port = address.port
        let resume = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(resume)\r\n"
        return try await RawConnection.onThread {
            let socket = try RawConnection.connect(port: port)
            defer { RawConnection.end(socket) }
            RawConnection.send(Array(request.utf8), to: socket)
            var found: [(name: String, id: String, data: JSONValue)] = []
            var line: [UInt8] = []
            var event = (name: "", id: "", data: JSONValue.null)
            var byte: UInt8 = 0
            while RawConnection.receive(&byte, from: socket) {
                guard byte == UInt8(ascii: "\n") else {
                    if byte != UInt8(ascii: "\r") { line.append(byte) }
                    continue
                }
                let text = String(decoding: line, as: UTF8.self)
                line = []
                if text.hasPrefix("event: ") { event.name = String(text.dropFirst(7)) }
                if text.hasPrefix("id: ") { event.id = String(text.dropFirst(4)) }
                guard text.hasPrefix("data: ") else { continue }
                event.data = try JSONValue(parsing: String(text.dropFirst(6)))
                found.append(event)
                if isLast(event) { return found }
            }
            return found
        }
    }
}
