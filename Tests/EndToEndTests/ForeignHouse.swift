import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// Plugins without Arena code in a test's house.
extension TestHouse {
    /// A manifest with one function of `functions.c`.
    static func function(
        _ symbol: String, library: String = "plugin.so", arguments: JSONValue, returns: JSONValue,
        examples: JSONValue, capabilities: JSONValue = ["timeout_ms": ["default": 800]]
    ) -> JSONValue {
        [
            "id": "foreign", "version": "1.0.0",
            "ffi_scorers": [
                [
                    "id": "judge", "library": .string(library), "symbol": .string(symbol), "arguments": arguments,
                    "returns": returns, "examples": examples, "capabilities": capabilities,
                ]
            ],
        ]
    }

    static let twoTexts: JSONValue = [["output": "string"], ["reference": "string"]]
    static let fraction: JSONValue = ["double": ["min": 0, "max": 1]]
    static let yesOrNo: JSONValue = [
        ["output": "yes", "reference": "yes", "score": 1], ["output": "no", "reference": "yes", "score": 0],
        ["output": "", "reference": "", "score": 1],
    ]

    static func same(capabilities: JSONValue = ["timeout_ms": ["default": 800]]) -> JSONValue {
        function("same", arguments: twoTexts, returns: fraction, examples: yesOrNo, capabilities: capabilities)
    }

    /// Drops a function of `functions.c` in and waits until it is settled.
    func drop(function manifest: JSONValue) async throws {
        try place("foreign", from: "functions.c", manifest: manifest)
        try await settle("foreign")
    }

    /// Drops a Python program in and waits until it is settled.
    func drop(
        program source: String, command: JSONValue = ["python3", "score.py"], milliseconds: Int = 1500,
        example: JSONValue = ["output": "yes", "score": 1], isExecutable: Bool = false
    ) async throws {
        let manifest: JSONValue = [
            "id": "foreign", "version": "1.0.0",
            "exec_scorers": [
                [
                    "id": "judge", "command": command, "examples": [example],
                    "capabilities": ["timeout_ms": ["default": JSONValue(milliseconds)]],
                ]
            ],
        ]
        let staging = "\(home)/.foreign-\(Identifier.random())"
        try FileManager.default.createDirectory(
            atPath: staging, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        try Data(source.utf8).write(to: URL(filePath: staging + "/score.py"))
        if isExecutable {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: staging + "/score.py")
        }
        try Data(manifest.bytes()).write(to: URL(filePath: staging + "/plugin.json"))
        try FileManager.default.moveItem(atPath: staging, toPath: "\(home)/plugins/foreign")
        try await settle("foreign")
    }

    func foreign() async throws -> PluginStatus { try await status("foreign") }

    /// Where the scorer's calls run, as lists say.
    func placeOfForeign() async -> String? {
        let entry = await runtime.pluginList().first { $0["id"]?.string == "judge" }
        return entry?["isolation"]?.string
    }

    /// Whether the plugin is ready; else why not.
    func requireReady() async throws {
        let status = try await foreign()
        try #require(status.state.name == "ready", "\(status.failure?.message ?? status.state.name)")
    }
}
