import ArenaCore
import ArenaJSON
import ArenaPluginWire

/// One message of every kind, with texts beyond ASCII, empty fields and extreme numbers.
enum Samples {
    static let hello = Hello(
        nonce: "00ff", library: "/store/abc/libtext.so",
        plugin: Hello.Plugin(id: "text", version: "1.2.3", sha256: "abc"),
        services: ["arena.clock/1", "arena.job/1"], withheld: ["arena.kv/1": "not granted"], seed: .max,
        sandbox: Hello.Sandbox(
            landlock: true, seccomp: false, emptyNetwork: true, readOnly: ["/lib", "/store/ä"], readWrite: ["/tmp/x"],
            limits: Hello.Limits(addressSpace: 1 << 40, cpuSeconds: 2, fileSize: 3, openFiles: 4, processes: 5)))

    static let ready = Ready(
        nonce: "00ff", entry: Ready.Entry(id: "text", version: "1.2.3", abiMajor: 1, abiMinor: 7),
        fences: Ready.Fences(
            noNewPrivileges: .ok, capabilities: .ok, network: .refused("EPERM"), landlock: .refused("ENOSYS"),
            limits: .off, seccomp: .ok))

    static let requests: [CallRequest] = [
        .probe(expectation: #"{"provides": []}"#),
        .scorerCreate(instance: 1, kind: "exact_match", config: "{}"),
        .scorerDestroy(instance: .max),
        .scorerScore(instance: 2, batch: [0, 1, 255]),
        .jobValidate(kind: "sleep", payload: ""),
        .jobEstimate(kind: "sleep", payload: "{\"ü\": \"\u{0}\"}"),
        .jobRun(
            CallRequest.JobStart(
                kind: "k", jobID: "j", attempt: .max, payload: "{}", checkpoint: [9, 8], sequence: 1 << 60)),
        .engineCreate(instance: 3, kind: "replay", config: ""),
        .engineDestroy(instance: 3),
        .engineStart(instance: 3),
        .engineStop(instance: 3),
        .engineHealth(instance: 3),
        .engineModels(instance: 3),
        .engineChat(instance: 3, request: #"{"messages": []}"#),
        .engineEmbed(instance: 3, model: "m", texts: ["", "日本", "x"]),
        .engineRerank(instance: 3, model: "m", query: "q", documents: []),
        .exporterRun(kind: "csv", params: "{}"),
        .codecCreate(instance: 4, kind: "openai", config: "{}"),
        .codecDestroy(instance: 4),
        .codecEncode(instance: 4, operation: 1, request: "{}"),
        .codecDecoderCreate(codec: 4, decoder: 5, operation: 1, request: ""),
        .codecDecoderDestroy(decoder: 5),
        .codecFeed(
            CallRequest.CodecPiece(decoder: 5, status: 200, headers: "{}", bytes: [0, 255], isLast: true)),
        .rubricLoad(instance: 4, kind: "checks", document: [0, 255]),
        .rubricDestroy(instance: 4),
        .rubricDescribe(instance: 4),
        .rubricPlan(instance: 4, batch: [0, 0, 0, 0]),
        .rubricCombine(instance: 4, batch: [0, 0, 0, 0], results: ["[]", "ü"]),
        .rubricCheck(kind: "checks", document: []),
        .conformance(test: "memory", arguments: "{}"),
    ]

    static let services: [ServiceRequest] = [
        .jobPut(type: "eval_score/1", key: "k", json: "{}"),
        .jobCommit(checkpoint: [1], expected: 4),
        .lanesSubmit(tag: 1, request: "{}"),
        .lanesNext(timeoutNanoseconds: .max),
        .lanesAbort(tag: 1),
        .scoringSubmit(tag: 2, scorer: "text/exact_match", config: "", batch: [0, 0, 0, 0]),
        .scoringNext(timeoutNanoseconds: 0),
        .scoringAbort(tag: 2),
        .viewsPage(name: "bench", params: "{}", cursor: "", limit: 1000),
        .artifactsCreate(name: "a.txt", mediaType: "text/plain"),
        .artifactsWrite(artifact: 7, bytes: [1, 2, 3]),
        .artifactsFinish(artifact: 7),
        .artifactsDiscard(artifact: 8),
        .kvGet(key: "k"),
        .kvPut(key: "k", value: []),
        .kvRemove(key: "k"),
        .kvKeys(prefix: "", after: "é"),
        .clockUnixMilliseconds,
        .exportTables,
        .exportOpen(table: "eval_scores"),
        .exportNext(cursor: .max, maxRows: 10_000),
        .exportCreate(name: "é.csv", mediaType: ""),
        .exportFinish(file: 1, rows: .max),
        .httpSubmit(tag: 9, request: #"{"url": "http://é/"}"#), .httpNext(timeoutNanoseconds: 7), .httpAbort(tag: 9),
    ]

    static let hostMessages: [HostMessage] =
        requests.enumerated().map { index, request in
            .call(
                CallMessage(
                    id: UInt64(index + 1), deadlineNanoseconds: UInt64.max - UInt64(index), credit: UInt32(index),
                    request: request))
        } + [
            .hello(hello.json), .cancel(call: 5), .credit(call: .max, bytes: .max), .bye,
            .reply(ReplyMessage(id: 1, status: .ok, data: [1, 2, 3])),
            .reply(ReplyMessage(id: 2, status: .unauthenticated, message: "no", detail: #"{"code": "x"}"#)),
        ]

    static let childMessages: [ChildMessage] =
        services.enumerated().map { index, request in
            .service(ServiceMessage(id: UInt64(index + 1), call: UInt64(index), request: request))
        } + [
            .ready(ready.json), .refused(Refusal.json(Failure(code: "a.b", category: .locked, message: "m"))),
            .result(ResultMessage(id: 1, status: .ok, payload: [4, 5])),
            .result(ResultMessage(id: 2, status: .dataLoss, message: "wörd", detail: "{}")),
            .data(call: 3, bytes: [0]), .data(call: 3, bytes: []),
            .progress(ProgressMessage(call: 4, done: 1, total: .max, phase: "warm up", fields: "{}")),
            .log(LogMessage(call: 0, level: 3, message: "line", fields: "")),
        ]

}

extension FrameDecoder {
    mutating func append(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { append($0) }
    }

    /// Every frame that is whole.
    mutating func all() throws(WireError) -> [Frame] {
        var frames: [Frame] = []
        while let frame = try next() { frames.append(frame) }
        return frames
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
