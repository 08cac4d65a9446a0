import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// `arena lane add` writes down what can answer, and says why it does not write the rest.
@Suite(.startsProcesses)
struct LaneAddTests {
    /// A server of which each route but those of `routes` answers 404.
    private func server(_ routes: [String: String]) throws -> StubServer {
        try StubServer { request, peer in
            if let body = routes[request.path] { peer.answer(body) } else { peer.answer("no", status: 404) }
            return true
        }
    }

    @Test func serverWithoutTheRoutesIsNotAdded() async throws {
        let server = try server([:])
        defer { server.stop() }
        let home = try Home()
        let outcome = try await home.run("lane", "add", "web", "--url", server.url("/"), "--json")
        #expect(outcome.status != 0, "\(outcome.answer)")
        let error = outcome.document["error"]
        #expect(error?["message"]?.string?.contains("The lane was not added.") == true, "\(outcome.answer)")
        #expect(error?["hint"]?.string?.contains("--no-check") == true)
        #expect(!FileManager.default.fileExists(atPath: home.path + "/arena.yaml"))
        let forced = try await home.run("lane", "add", "web", "--url", server.url("/"), "--no-check")
        #expect(forced.status == 0, "\(forced.notes)")
    }

    @Test func modelThatTheServerDoesNotListIsNoted() async throws {
        let server = try server(["/v1/models": #"{"object":"list","data":[{"id":"tiny","object":"model"}]}"#])
        defer { server.stop() }
        let home = try Home()
        let other = try await home.run("lane", "add", "a", "--url", server.url("/"), "--model", "nosuch", "--json")
        #expect(other.status == 0 && other.document["note"]?.string?.contains("tiny") == true, "\(other.answer)")
        let right = try await home.run("lane", "add", "b", "--url", server.url("/"), "--model", "tiny", "--json")
        #expect(right.status == 0 && right.document["note"] == nil, "\(right.answer)")
    }

    @Test(arguments: [
        (["--url", "http://127.0.0.1:1", "--ca-file", "/nonexistent.pem"], Int32(64), "/nonexistent.pem"),
        (["--url", "http://127.0.0.1:1", "--type", "replay"], 64, "takes no --url"),
        (["--url", "http://127.0.0.1:1", "--type", "nosuch"], 66, "openai, replay"),
    ])
    func whatCannotBeIsRefused(options: [String], status: Int32, why: String) async throws {
        let home = try Home()
        let outcome = try await home.run(["lane", "add", "a", "--json"] + options)
        #expect(outcome.status == status, "\(outcome.answer)")
        #expect(outcome.document["error"]?["message"]?.string?.contains(why) == true, "\(outcome.answer)")
    }

    @Test func unreachableServerIsSaidOnce() async throws {
        let home = try Home()
        let outcome = try await home.run("lane", "add", "a", "--url", "http://127.0.0.1:1", "--json")
        let message = outcome.document["error"]?["message"]?.string ?? ""
        #expect(message.components(separatedBy: "cannot be reached").count == 2, "\(message)")
    }

    @Test func codecThatWaitsForAGrantSaysSo() async throws {
        let home = try Home()
        let folder = home.path + "/plugins/c_lane_codec"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let library = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "libarena-text.so")
        try FileManager.default.copyItem(atPath: library.path, toPath: folder + "/lib.so")
        chmod(folder + "/lib.so", 0o755)
        let manifest = try home.write(
            """
            id: c_lane_codec
            version: 1.0.0
            abi: "1.0"
            library: lib.so
            provides: [{interface: arena.lane_type.codec/1, id: c_lane_codec}]
            """, to: "plugins/c_lane_codec/plugin.yaml")
        chmod(manifest, 0o644)
        let outcome = try await home.run(
            "lane", "add", "cc", "--type", "c_lane_codec", "--url", "http://127.0.0.1:1", "--json")
        #expect(outcome.status == 78, "\(outcome.answer)")
        #expect(
            outcome.document["error"]?["hint"]?.string?.contains("arena plugin trust c_lane_codec") == true,
            "\(outcome.answer)")
    }
}
