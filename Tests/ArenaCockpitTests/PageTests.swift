import ArenaCockpit
import ArenaTestSupport
import Foundation
import Testing

/// The page's files as they are served.
@Suite(.temporaryDirectory)
struct PageTests {
    @Test func leadsFromTheRootToThePage() async throws {
        try await Self.serving { server in
            let root = await server.send("GET", "/")
            #expect(root.status == 303)
            #expect(root.headers["location"] == "arena/", "relative, so that it works below a path prefix")
            #expect(await server.send("GET", "/arena").headers["location"] == "arena/")
        }
    }

    @Test func servesPartsUnderTheHashOfAllOfThem() async throws {
        try await Self.serving { server in
            let page = await server.send("GET", "/arena/")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["cache-control"] == "no-cache")
            let part = try #require(Self.partPath(page))
            let script = await server.send("GET", part)
            #expect(script.status == 200)
            #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
            #expect(script.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(script.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
            #expect(await server.send("GET", "/arena/0123456789abcdef/main.js").status == 404)
            #expect(await server.send("GET", part.replacing("main.js", with: "..%2Findex.html")).status == 404)
            #expect(await server.send("GET", part.replacing("main.js", with: "note.txt")).status == 404)
        }
    }

    @Test func saysThatNothingHasChanged() async throws {
        try await Self.serving { server in
            for path in ["/arena/", try #require(Self.partPath(await server.send("GET", "/arena/")))] {
                let tag = try #require(await server.send("GET", path).headers["etag"])
                let again = await server.send("GET", path, headers: ["If-None-Match": "\"x\", W/\(tag)"])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again.headers["etag"] == tag)
            }
        }
    }

    @Test func compressesForWhoTakesThat() async throws {
        try await Self.serving { server in
            let path = try #require(Self.partPath(await server.send("GET", "/arena/")))
            let plain = await server.send("GET", path)
            let packed = await server.send("GET", path, headers: ["Accept-Encoding": "br, gzip;q=0.8"])
            #expect(packed.headers["content-encoding"] == "gzip")
            #expect(packed.headers["vary"] == "Accept-Encoding")
            #expect(packed.headers["etag"] != plain.headers["etag"])
            let length = try #require(packed.headers["content-length"].flatMap { Int($0) })
            #expect(length < plain.body.count)
            let refused = await server.send("GET", path, headers: ["Accept-Encoding": "gzip;q=0"])
            #expect(refused.headers["content-encoding"] == nil)
        }
    }

    @Test func saysSoWhereThereIsNoPage() async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/arena/")
            #expect(response.status == 404)
            #expect(response.code == "cockpit.no_page")
        }
    }

    /// The page that Arena ships keeps to its budget and to its own content policy.
    @Test func theShippedPageIsSmallAndBringsNoInlineCode() throws {
        let folder = CompiledPlugin.checkout + "/ui/assets"
        var script = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            if name.hasSuffix(".js") {
                script += text.utf8.count
                #expect(!text.contains(" style=\""), "\(name): the policy forbids style attributes")
                #expect(!text.contains(" onclick=\""), "\(name): the policy forbids inline handlers")
            }
        }
        #expect(script > 10_000)
        #expect(script < 150_000)
    }

    /// A server with a small page of its own.
    private static func serving(_ body: @escaping @Sendable (RunningServer) async throws -> Void) async throws {
        let folder = try TemporaryDirectory.path()
        let files = [
            "index.html": "<script src=\"assets/main.js\"></script>",
            "assets/main.js": "// " + String(repeating: "long ", count: 400), "assets/note.txt": "not served",
        ]
        try FileManager.default.createDirectory(
            atPath: folder + "/assets", withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
        let assets = try PageAssets(ui: folder, openAPI: nil)
        try await RunningServer.run(configure: { $0.assets = assets }, body)
    }

    /// Where the page says that its script lies.
    private static func partPath(_ page: RawResponse) -> String? {
        let html = String(decoding: page.body, as: UTF8.self)
        return html.firstMatch(of: /src="([0-9a-f]{16}\/main\.js)"/).map { "/arena/\($0.1)" }
    }
}
