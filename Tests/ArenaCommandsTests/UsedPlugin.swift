import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// An installed plugin of a template, granted and used with the command that its README names.
struct UsedPlugin {
    let interface: String
    let id: String
    let newcomer: Newcomer

    func use() async throws {
        let readme = try await newcomer.run("arena plugin trust \(id) && arena plugin info \(id)")
        #expect(readme.answer.contains("ready"))
        switch interface {
        case "scorer": try await score()
        case "scorer_aggregate": try await list()
        case "rubric": try await judge()
        case "job_kind": try await runJob()
        case "lane_engine": try await askEngine()
        case "lane_codec": try await askServer()
        case "exporter": try await export()
        default: Issue.record("nobody knows how to use a plugin for \(interface)")
        }
    }

    private func score() async throws {
        let items = #"{"item_id": "1", "output": "Paris, of course.", "reference": "Paris"}"#
        let answer = try await newcomer.run("echo '\(items)' | arena score \(id) --items -")
        #expect(answer.document["item_id"] == "1" && answer.document["value"]?.double == 1)
    }

    private func list() async throws {
        let kinds = try await newcomer.run("arena plugin list --json").document.array ?? []
        let kind = kinds.first { $0["id"]?.string == id }
        #expect(kind?["interface"] == "arena.scorer.aggregate/1" && kind?["state"] == "ready")
    }

    private func judge() async throws {
        let run = try await newcomer.run("arena eval arithmetic-words --limit 5 --rubric \(id) --json")
        let checks = run.document["result"]?["checks"]?.array ?? []
        #expect(checks.compactMap { $0["name"]?.string } == ["right", "exact"])
        #expect(checks.allSatisfy { ($0["n_passed"]?.int ?? 0) + ($0["n_failed"]?.int ?? 0) == 5 })
    }

    private func runJob() async throws {
        let job = try await newcomer.run(#"arena run \#(id) --payload '{"text": "one two"}' --wait --json"#)
        #expect(job.document["status"] == "done" && job.document["result"]?["words"] == 2)
    }

    private func askEngine() async throws {
        try newcomer.write("lanes:\n  - {id: mine, type: \(id)}\n", to: ".arena/arena.yaml")
        let lane = try await newcomer.run("arena lane check mine --json").document
        let text = try #require(lane["chat"]?["content"]?.string)
        #expect(text.count > 2 && text == text.uppercased())
        #expect(lane["models"] == [["id": "capitals"]])
    }

    private func askServer() async throws {
        let server = try StubServer { request, peer in
            switch (request.method, request.path) {
            case ("GET", "/v1/models"): peer.answer(#"{"data": [{"id": "m"}]}"#)
            case ("POST", "/v1/chat/completions"):
                peer.answer(
                    #"{"model": "m", "choices": [{"message": {"content": "Hello."}, "finish_reason": "stop"}]}"#)
            default: peer.answer("There is nothing here.", status: 404)
            }
            return true
        }
        defer { server.stop() }
        let added = try await newcomer.run("arena lane add mine --type \(id) --url \(server.url()) --json")
        #expect(added.document["identity"]?["models"] == [["id": "m"]])
        let lane = try await newcomer.run("arena lane check mine --json").document
        #expect(lane["ok"] == true && lane["chat"]?["content"] == "Hello.")
        let chat = try #require(server.requests.last { $0.method == "POST" })
        #expect(try JSONValue(parsing: chat.body)["stream"] == false)
        let failing = try StubServer { _, peer in
            peer.answer("The cat is on it.", status: 503)
            return true
        }
        defer { failing.stop() }
        let refused = try await newcomer.attempt("arena lane add other --type \(id) --url \(failing.url())")
        #expect(refused.status == 69 && refused.notes.contains("The cat is on it."), "\(refused.notes)")
    }

    private func export() async throws {
        try await newcomer.run("arena eval arithmetic-words --limit 3")
        let export = try await newcomer.run("arena export \(id) --out exported --json").document
        let files = export["files"]?.array ?? []
        let scores = try #require(files.first { $0["rows"] == 3 }?["name"]?.string)
        let lines = try String(contentsOfFile: "\(newcomer.home)/exported/\(scores)", encoding: .utf8)
        let rows = try lines.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(rows.count == 3 && rows.allSatisfy { $0["item_id"]?.string != nil })
    }
}
