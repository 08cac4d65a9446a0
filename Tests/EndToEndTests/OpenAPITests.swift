import ArenaCockpit
import ArenaJSON
import ArenaJSONSchema
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// docs/openapi.yaml and the running server cannot drift: the server is driven from the document.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(1)))
struct OpenAPITests {
    private static let methods = ["get", "put", "post", "patch", "delete"]

    @Test func describesEveryRouteAndNoOther() async throws {
        try await TestHouse.withHouse { house in
            try await HouseServer.run(on: house.runtime) { server in
                let document = try await server.send("GET", "/openapi.json").json
                #expect(document["openapi"] == "3.1.0")
                let described = Self.operations(document).map { method, path, operation in
                    let needsOperator = operation["security"]?.array.map { !$0.isEmpty && !$0.contains([:]) } ?? false
                    let access = operation["security"] == [] ? "open" : needsOperator ? "operator" : "local"
                    return "\(method.uppercased()) \(path) \(access)"
                }
                #expect(Set(described) == Set(server.routes))
            }
        }
    }

    @Test func answersAsDescribed() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let job = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "sleep", payload: ["seconds": 0, "steps": 2], trigger: "test"))
            _ = try await house.runtime.makeDispatcher().runUntilFinished(job.job.id)
            let waiting = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "sleep", payload: ["seconds": 1], trigger: "test"))
            try await HouseServer.run(on: house.runtime) { server in
                let driver = Driver(
                    server: server, document: try await server.send("GET", "/openapi.json").json,
                    doneJob: job.job.id, waitingJob: waiting.job.id)
                for (method, path, operation) in Self.operations(driver.document) {
                    try await driver.call(method, path, operation)
                }
            }
        }
    }

    /// In an order in which each can succeed: a plugin is taken out of use before it is trusted again.
    private static func operations(_ document: JSONValue) -> [(String, String, JSONValue)] {
        let paths = document["paths"]?.object ?? [:]
        return paths.map { ($0, $1) }.sorted { $0.0 < $1.0 }.flatMap { path, item in
            methods.compactMap { method in item[method].map { (method, path, $0) } }
        }
    }
}

/// Calls one operation as the document says and holds the answer to it.
private struct Driver {
    let server: HouseServer
    let document: JSONValue
    let doneJob: String
    let waitingJob: String

    func call(_ method: String, _ path: String, _ operation: JSONValue) async throws {
        let name = "\(method) \(path)"
        let target = try await fill(path, method: method)
        if described(operation, status: 200)?["content"]?["text/event-stream"] != nil {
            let events = try await server.events(target) { _ in true }
            #expect(events.first?.name == "snapshot", "\(name)")
            return
        }
        let media = resolve(operation["requestBody"])?["content"]?["application/json"]
        let body = media.map { $0["example"] ?? [:] }
        if let media, let body {
            #expect(try problems(body, media["schema"]).isEmpty, "\(name): its own example")
        }
        let answer = try await server.send(method.uppercased(), target, body: method == "get" ? nil : body ?? [:])
        #expect(answer.status < 400, "\(name): \(answer.json.text())")
        try check(answer, operation, name)
        // And what it does not know: every route names an unknown parameter or field.
        guard operation["responses"]?["200"] != nil, !path.hasPrefix("/arena") else { return }
        let refused = try await server.send(
            method.uppercased(), method == "get" ? target + "?no_such=1" : target,
            body: method == "get" ? nil : ["no_such": 1])
        #expect(refused.status == (method == "get" ? 400 : 422), "\(name): \(refused.json.text())")
        #expect(refused.json["detail"]?.string?.contains("'no_such'") == true, "\(name)")
        try check(refused, operation, name)
    }

    private func check(_ answer: HouseServer.Answer, _ operation: JSONValue, _ name: String) throws {
        let response = try #require(described(operation, status: answer.status), "\(name): \(answer.status)")
        guard let content = response["content"]?.object else {
            #expect(answer.body.isEmpty, "\(name): \(answer.status) is described without content")
            return
        }
        let media = try #require(content[answer.type], "\(name): \(answer.type) is not described")
        guard answer.type.hasSuffix("json") else { return }
        let issues = try problems(answer.json, media["schema"])
        #expect(issues.isEmpty, "\(name): \(issues.joined(separator: "; ")) in \(answer.json.text())")
    }

    private func described(_ operation: JSONValue, status: Int) -> JSONValue? {
        let responses = operation["responses"]
        return resolve(responses?[String(status)] ?? (status >= 400 ? responses?["default"] : nil))
    }

    /// Follows a reference to a part of the document.
    private func resolve(_ value: JSONValue?) -> JSONValue? {
        guard let pointer = value?["$ref"]?.string else { return value }
        return pointer.split(separator: "/").dropFirst().reduce(document) { part, key in part[String(key)] ?? .null }
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue?) throws -> [String] {
        var members = try #require(schema?.object)
        members["$defs"] = document["components"]?["schemas"]
        let text = JSONValue.object(members).text().replacing("#/components/schemas/", with: "#/$defs/")
        return try JSONSchema(JSONValue(parsing: text)).validate(value).map { "\($0.instancePointer) \($0.message)" }
    }

    private func fill(_ path: String, method: String) async throws -> String {
        if path == "/arena" { return "/arena/" }
        if path == "/login" { return "/login?code=" + (server.address.oneTimeLink.split(separator: "=").last ?? "") }
        if path.hasPrefix("/arena/") {
            let page = String(decoding: try await server.send("GET", "/arena/").body, as: UTF8.self)
            let folder = try #require(page.firstMatch(of: /src="([0-9a-f]{16})\/main\.js"/)?.1)
            return "/arena/\(folder)/main.js"
        }
        if path.hasPrefix("/api/schedule/") { return path.replacing("{id}", with: "nap") }
        let changesJob = path.hasPrefix("/api/jobs/") && method != "get"
        let id = path.hasPrefix("/api/plugins/") ? "replay" : changesJob ? waitingJob : doneJob
        return path.replacing("{id}", with: id)
    }
}
