import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire
import ArenaTestSupport
import Testing

/// A codec that never ends, or breaks another rule, costs its operation and is named; the next one works.
struct CodecTests {
    /// Gives `body` an executor and the codec of the fixtures, in the host or in a child.
    ///
    /// - Parameter step: how long a step of the codec may take; a test of a loop waits for all of it.
    private func withCodec(
        inHost: Bool, step: Duration = .seconds(30), _ body: (CodecExecutor, ResolvedKind) async throws -> Void
    ) async throws {
        let folder = try TestFolder()
        let plugin = try CompiledPlugin.shared("codec.c")
        let manifest: JSONValue = [
            "id": "codec", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
            "provides": [["interface": "arena.lane_type.codec/1", "id": "obey"]],
        ]
        let document = try ManifestDocument(manifest.bytes(), path: "codec/plugin.json", form: .json)
        let ready = ReadyPlugin(
            manifest: try PluginManifest(document, isFirstParty: inHost), sha256: "first", folder: plugin.folder,
            library: plugin.path, isFirstParty: inHost, mayRunInHost: false, sandbox: .full)
        let loader = PluginLoader(
            launcher: WorkerLauncher(
                executable: try PluginChildren.worker(), scratchRoot: try folder.folder("scratch", mode: 0o700),
                spares: 0))
        let threads = PluginThreads(size: 2)
        let scorers = ScorerExecutor(loader: loader, threads: threads)
        let limits = CodecRun.Limits(requests: 16, input: 1 << 20, output: 4 << 20, step: step)
        let codecs = CodecExecutor(loader: loader, threads: threads, scorers: scorers, limits: limits)
        let kind = ResolvedKind(plugin: ready, kind: ready.manifest.provides[0])
        #expect(await codecs.isolation(of: kind) == (inHost ? .host : .child))
        try await body(codecs, kind)
        await codecs.stop()
        await scorers.stop()
        threads.stop()
    }

    /// Sends nothing: every request is answered with the same pieces.
    private func run(
        _ what: String, _ codecs: CodecExecutor, _ kind: ResolvedKind, as operation: CodecOperation = .chat,
        pieces: [String] = ["Hel", "lo"]
    ) async throws -> (text: String, outcome: CodecRun.Outcome?) {
        let run = try await codecs.begin(operation, ["do": .string(what)], with: kind, config: [:])
        var text = ""
        do {
            while await run.nextRequest() != nil {
                for (index, piece) in pieces.enumerated() {
                    let answer = AnswerPiece(
                        status: 200, headers: "{}", bytes: Array(piece.utf8), isLast: index == pieces.count - 1)
                    text += try await run.feed(answer).map(\.text).joined()
                }
            }
        } catch {
            await run.close()
            throw error
        }
        await run.close()
        return (text, await run.outcome)
    }

    @Test(arguments: [true, false])
    func answersTheSameInTheHostAndInAChild(inHost: Bool) async throws {
        try await withCodec(inHost: inHost) { codecs, kind in
            for _ in 0..<3 {
                let (text, outcome) = try await run("answer", codecs, kind)
                #expect(text == "Hello")
                #expect(outcome == .end(ChatEnd(finishReason: "stop")))
            }
            let value = try await run("value", codecs, kind, as: .models).outcome
            #expect(value == .value(["a": 1]))
        }
    }

    @Test(arguments: [true, false])
    func manyOperationsShareOneCodec(inHost: Bool) async throws {
        try await withCodec(inHost: inHost) { codecs, kind in
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<32 {
                    group.addTask { try await run("answer", codecs, kind, pieces: ["n", "\(number)"]).text }
                }
                var texts: Set<String> = []
                for try await text in group { texts.insert(text) }
                #expect(texts.count == 32)
            }
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let what: String
        var operation = CodecOperation.chat
        var code: String
        var testDescription: String { what }
    }

    static let wrongs = [
        Wrong(what: "events", code: "plugin.codec_flood"),  // [CODEC-8]
        Wrong(what: "giant", code: "plugin.codec_flood"),
        Wrong(what: "requests", operation: .identify, code: "plugin.codec_flood"),  // [CODEC-5]
        Wrong(what: "nothing", code: "plugin.codec_silent"),  // [CODEC-7]
        Wrong(what: "after the end", code: "plugin.codec_disorder"),  // [CODEC-2]
        Wrong(what: "value", code: "plugin.codec_disorder"),
        Wrong(what: "answer", operation: .models, code: "plugin.codec_disorder"),
        Wrong(what: "bad value", operation: .models, code: "plugin.bad_value"),
        Wrong(what: "bad text", code: "plugin.fault"),
        Wrong(what: "fail silently", code: "plugin.fault"),
        Wrong(what: "fail", code: "lane.cold"),
        Wrong(what: "no json", code: "plugin.bad_request"),
        Wrong(what: "bad method", code: "plugin.bad_request"),
        Wrong(what: "other host", code: "plugin.bad_request"),
        Wrong(what: "up", code: "plugin.bad_request"),
        Wrong(what: "second line", code: "plugin.bad_request"),
        Wrong(what: "secret", code: "plugin.bad_request"),  // [CODEC-3]
    ]

    @Test(arguments: [true, false])
    func brokenRuleIsNamedAndTheNextOperationWorks(inHost: Bool) async throws {
        try await withCodec(inHost: inHost) { codecs, kind in
            for wrong in Self.wrongs {
                let fault = await #expect(throws: PluginFault.self, "\(wrong)") {
                    try await run(wrong.what, codecs, kind, as: wrong.operation)
                }
                #expect(fault?.code == wrong.code, "\(wrong): \(fault?.message ?? "")")
                #expect(fault?.plugin == "codec")
            }
            let next = try await run("answer", codecs, kind).text
            #expect(next == "Hello")
        }
    }

    @Test func outputThatGrowsWithoutEndIsBounded() async throws {
        try await withCodec(inHost: true) { codecs, kind in
            let fault = await #expect(throws: PluginFault.self) {
                try await run("trickle", codecs, kind, pieces: Array(repeating: "x", count: 1000))
            }
            #expect(fault?.code == "plugin.codec_flood")
        }
    }

    @Test func endlessAnswerOfAServerIsBounded() async throws {
        try await withCodec(inHost: true) { codecs, kind in
            let fault = await #expect(throws: PluginFault.self) {
                try await run(
                    "nothing", codecs, kind, pieces: Array(repeating: String(repeating: "x", count: 1 << 16), count: 99)
                )
            }
            #expect(fault?.code == "plugin.codec_flood")
        }
    }

    @Test func loopInTheHostCostsAThreadAndTheCodecMovesToAChild() async throws {
        // A library of its own, for the loop never ends.
        try await withCodec(inHost: true, step: .seconds(2)) { codecs, kind in
            let fault = await #expect(throws: PluginFault.self) { try await run("loop", codecs, kind) }
            #expect(fault?.code == "plugin.unresponsive")
            #expect(await codecs.isolation(of: kind) == .child)
            let next = try await run("answer", codecs, kind).text
            #expect(next == "Hello")
        }
    }

    @Test(arguments: ["loop", "crash"])
    func loopOrCrashInAChildEndsTheChild(what: String) async throws {
        try await withCodec(inHost: false, step: .seconds(2)) { codecs, kind in
            let fault = await #expect(throws: PluginFault.self) { try await run(what, codecs, kind) }
            #expect(fault?.code == (what == "loop" ? "plugin.unresponsive" : "plugin.crashed"))
            let next = try await run("answer", codecs, kind).text
            #expect(next == "Hello")
        }
    }
}
