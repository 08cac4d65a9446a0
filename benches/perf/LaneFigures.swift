import ArenaCore
import ArenaJSON
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import Glibc
import Synchronization

/// What the way of a lane adds to the first token of a server that answers at once.
enum LaneFigures {
    private static let rounds = 400
    private static let chat: JSONValue = ["messages": [["role": "user", "content": "Say one word."]]]
    /// As the codec writes it.
    private static let body =
        #"{"messages":[{"role":"user","content":"Say one word."}],"model":"m","stream":true,"#
        + #""stream_options":{"include_usage":true}}"#

    static func measure(_ bench: Workbench) async throws {
        guard access("\(bench.binaries)/libarena-openai.so", R_OK) == 0, let bundled = PluginDirectory.bundled() else {
            throw Workbench.Failure(description: "Build `arena-openai` first, in release.")
        }
        let server = try InstantServer(bench)
        defer { server.stop() }
        let inHost = try await runtime(bench, server.port, bundled)
        // The same library as a plugin that somebody dropped in: it runs in a child.
        let folder = try bench.makeFolder("lane-plugins")
        Workbench.run("cp", ["\(bench.binaries)/libarena-openai.so", "\(folder)/libopenai.so"])
        // A file that has just come is not looked at yet.
        try await Task.sleep(for: .milliseconds(300))
        let inChild = try await runtime(bench, server.port, PluginDirectory(path: folder, origin: .home))
        do { try await measure(inHost, inChild, server.port) } catch {
            await inHost.close()
            await inChild.close()
            throw error
        }
        await inHost.close()
        await inChild.close()
    }

    private static func measure(_ inHost: ArenaRuntime, _ inChild: ArenaRuntime, _ port: UInt16) async throws {
        guard let connection = LoopbackConnection(port) else {
            throw Workbench.Failure(description: "The stub does not answer.")
        }
        var bare = Samples()
        var host = Samples()
        var child = Samples()
        for round in 0..<(rounds + 20) {
            let first = try bareFirstToken(connection)
            let second = try await firstToken(of: inHost)
            let third = try await firstToken(of: inChild)
            // The first ones load libraries, start children and connect.
            guard round >= 20 else { continue }
            bare.add(first)
            host.add(second)
            child.add(third)
        }
        for (name, samples, note) in [
            ("host", host, "the bundled codec, which runs in the host"),
            ("child", child, "the same codec as a plugin of the home, in its child"),
        ] {
            Figure(
                name: "first_token_added_codec_in_\(name)", value: samples.median - bare.median, unit: "ms",
                baseline: "the same request on a bare socket", baselineValue: bare.median, goal: .atMost(0.3),
                count: samples.count,
                note: "\(note); whole \((samples.median * 1000).rounded() / 1000) (\(samples.spread))"
            ).emit()
        }
    }

    private static func runtime(
        _ bench: Workbench, _ port: UInt16, _ directory: PluginDirectory
    ) async throws -> ArenaRuntime {
        let lane = LaneDefinition(
            id: "instant", type: "openai", title: "Instant", endpoint: LaneEndpoint("http://127.0.0.1:\(port)"),
            model: "m")
        let runtime = try await ArenaRuntime(
            RuntimeOptions(
                home: try bench.makeFolder("lanes-" + Identifier.random()), pluginDirectories: [directory],
                trustsAllPlugins: true, lanes: [lane], benchFolders: [], worker: bench.worker))
        await runtime.registry.refresh()
        return runtime
    }

    /// Milliseconds from the request to the first piece of text.
    private static func firstToken(of runtime: ArenaRuntime) async throws -> Double {
        let first = Mutex<Double?>(nil)
        let watch = Stopwatch()
        _ = try await runtime.lanes.perform(["lane": "instant", "op": "chat", "stream": true, "request": chat]) { _ in
            let now = watch.milliseconds
            first.withLock { $0 = $0 ?? now }
        }
        guard let time = first.withLock({ $0 }) else {
            throw Workbench.Failure(description: "The lane gave no token.")
        }
        return time
    }

    private static func bareFirstToken(_ connection: LoopbackConnection) throws -> Double {
        let watch = Stopwatch()
        guard connection.ask("/v1/chat/completions", posting: body),
            let bytes = connection.read(until: #""token""#)
        else { throw Workbench.Failure(description: "The stub ended.") }
        let time = watch.milliseconds
        // The end may have come with it.
        let end = Array("\r\n0\r\n\r\n".utf8)
        if !bytes.suffix(end.count).elementsEqual(end), connection.read(until: "0\r\n\r\n") == nil {
            throw Workbench.Failure(description: "The stub ended.")
        }
        return time
    }
}

/// The process of `Fixtures/instant_stub.c`.
private struct InstantServer {
    let port: UInt16
    private let process: pid_t
    private let input: Int32

    init(_ bench: Workbench) throws {
        let program = bench.folder + "/instant-stub"
        let source = "\(Workbench.checkout)/benches/perf/Fixtures/instant_stub.c"
        guard Workbench.run("cc", ["-std=gnu11", "-O2", "-pthread", "-o", program, source]) == 0 else {
            throw Workbench.Failure(description: "\(source) cannot be built.")
        }
        var into: [Int32] = [0, 0]
        var outOf: [Int32] = [0, 0]
        // What stays here must not go on in other children, or the stub would not see its input end.
        guard pipe(&into) == 0, pipe(&outOf) == 0, fcntl(into[1], F_SETFD, FD_CLOEXEC) == 0,
            let process = Workbench.start(program, [], input: into[0], output: outOf[1])
        else { throw Workbench.Failure(description: "\(program) cannot be started.") }
        close(into[0])
        close(outOf[1])
        defer { close(outOf[0]) }
        var text = [UInt8](repeating: 0, count: 16)
        let count = read(outOf[0], &text, text.count)
        guard count > 1, let port = UInt16(String(decoding: text.prefix(count - 1), as: UTF8.self)) else {
            throw Workbench.Failure(description: "\(program) names no port.")
        }
        self.port = port
        self.process = process
        input = into[1]
    }

    func stop() {
        close(input)
        waitpid(process, nil, 0)
    }
}
