import ArenaJSON
import ArenaPluginKit

/// Finds out what answers, from routes that only read: none of them makes a server load a model [CODEC-1].
///
/// `/v1/models` tells most of it; then one route of the server's own is asked for its version, and where the list says
/// nothing, the routes that tell servers apart.
struct Identification: LaneDecoder {
    private enum Step {
        case models, llamaServerProps, llamaSwapVersion, vllmVersion, sharedVersion, liteLLM
    }

    private var step = Step.models
    private var body = DocumentBody(limit: 8 << 20)
    private var models = JSONValue.array([])

    mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError) {
        body.appendWhatFits(answer.bytes)
        guard answer.isLast else { return }
        let whole = body
        body = DocumentBody(limit: 8 << 20)
        let document = (200..<300).contains(answer.status) ? (try? whole.json()) ?? .null : .null
        switch step {
        case .models: try readModels(answer, whole, document, findings)
        case .llamaServerProps:
            try found("llama-server", "llama.cpp's server", document["build_info"]?.string, findings)
        case .llamaSwapVersion: try found("llama-swap", "llama-swap", document["version"]?.string, findings)
        case .vllmVersion: try found("vllm", "vLLM", document["version"]?.string, findings)
        case .sharedVersion:
            guard let version = document["version"]?.string else { return try ask(.liteLLM, findings) }
            // Two servers have this route; one of them says how it was built.
            let isSwap = document["commit"] != nil || document["build_date"] != nil
            try found(isSwap ? "llama-swap" : "ollama", isSwap ? "llama-swap" : "Ollama", version, findings)
        case .liteLLM:
            let isThere =
                answer.status == 200 && String(decoding: whole.bytes.prefix(200), as: UTF8.self).contains("alive")
            let isLiteLLM = isThere || answer.headers.contains("x-litellm-")
            try found(
                isLiteLLM ? "litellm" : "openai-compatible",
                isLiteLLM ? "LiteLLM" : "A server with the routes of the OpenAI API", nil, findings)
        }
    }

    private mutating func readModels(
        _ answer: LaneAnswer, _ body: DocumentBody, _ document: JSONValue, _ findings: Findings
    ) throws(PluginError) {
        guard (200..<300).contains(answer.status) else {
            let error = ServerFailure.error(answer, body: body.bytes, model: nil)
            if error.code == "lane.loading" {
                return try findings.value([
                    "server": "llama-server", "title": "llama.cpp's server", "state": "loading", "models": [],
                ])
            }
            guard error.code == "lane.no_such_route" else { throw error }
            return try ask(.sharedVersion, findings)
        }
        models = (try? ModelList.read(document)) ?? .array([])
        let entries = document["data"]?.array ?? []
        func isOwned(by owner: String) -> Bool { entries.contains { $0["owned_by"]?.string == owner } }
        if isOwned(by: "llama-swap") || entries.contains(where: { $0["meta"]?["llamaswap"] != nil }) {
            try ask(.llamaSwapVersion, findings)
        } else if isOwned(by: "llamacpp") {
            // A router, whose models have a state, would load one to answer for it.
            if entries.contains(where: { $0["status"] != nil }) {
                return try found("llama-server", "llama.cpp's server, routing", nil, findings)
            }
            try ask(.llamaServerProps, findings)
        } else if isOwned(by: "vllm") || entries.contains(where: { $0["max_model_len"] != nil }) {
            try ask(.vllmVersion, findings)
        } else if answer.headers.contains("x-litellm-") {
            try found("litellm", "LiteLLM", nil, findings)
        } else {
            try ask(.sharedVersion, findings)
        }
    }

    private mutating func ask(_ next: Step, _ findings: Findings) throws(PluginError) {
        step = next
        let path =
            switch next {
            case .models: "/v1/models"
            case .llamaServerProps: "/props"
            case .llamaSwapVersion, .sharedVersion: "/api/version"
            case .vllmVersion: "/version"
            case .liteLLM: "/health/liveliness"
            }
        try findings.request(.get(path))
    }

    private func found(
        _ server: String, _ title: String, _ version: String?, _ findings: Findings
    ) throws(PluginError) {
        var value: JSONObject = ["server": .string(server), "title": .string(title), "state": "ready"]
        if let version, !version.isEmpty { value["version"] = .string(String(version.prefix(80))) }
        value["models"] = models
        try findings.value(.object(value))
    }
}
