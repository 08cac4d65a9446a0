import ArenaCommands
import ArenaCore
import ArenaJSON
import Foundation
import Testing

/// What `arena plugin new` writes is built, tested and checked as its README says.
struct PluginTemplateTests {
    static let cInterfaces = ["scorer", "job_kind", "lane_engine", "exporter", "rubric", "scorer_aggregate"]
    static let swiftInterfaces = ["scorer", "job_kind"]
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    static let isSlowWanted = ProcessInfo.processInfo.environment["ARENA_SLOW_TESTS"] == "1"

    private let folder = "/tmp/arena-template-\(Identifier.random())"

    private func write(_ interface: String, _ language: String, as id: String) async throws -> String {
        let capture = try Capture(isJSON: true)
        let path = "\(folder)/\(id)"
        let status = await CommandLineTool.run(
            ["plugin", "new", "--interface", interface, "--language", language, path, "--json"],
            console: capture.console)
        #expect(status == 0, "\(capture.notes)")
        #expect(capture.document["id"]?.string == id)
        let files = capture.document["files"]?.array?.compactMap(\.string) ?? []
        #expect(files.contains(language == "python" ? "plugin.yaml" : "plugin.json"))
        #expect(files.contains("README.md") && files.contains("Makefile"))
        return path
    }

    /// Runs a goal of the plugin's own Makefile.
    private func make(_ goal: String, in path: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "make", "-C", path, goal, "ARENA=\(Self.products)/arena", "ARENA_HOME=\(folder)/home", "CC=cc -Werror",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["ARENA_HOME": folder + "/home"], uniquingKeysWith: { $1 })
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    private func buildTestAndCheck(_ path: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for goal in ["all", "test", "check", "install"] {
            let result = try make(goal, in: path)
            #expect(result.status == 0, "make \(goal): \(result.output)")
        }
        let installed = "\(folder)/home/plugins/\(URL(filePath: path).lastPathComponent)"
        #expect(["json", "yaml"].contains { FileManager.default.fileExists(atPath: "\(installed)/plugin.\($0)") })
    }

    @Test(arguments: cInterfaces)
    func pluginInCIsBuiltTestedCheckedAndInstalled(interface: String) async throws {
        try buildTestAndCheck(try await write(interface, "c", as: "my_\(interface)"))
    }

    @Test func scorerInPythonIsTestedCheckedAndInstalled() async throws {
        try buildTestAndCheck(try await write("scorer", "python", as: "my_scorer"))
    }

    @Test(.enabled(if: isSlowWanted, "builds a package: set ARENA_SLOW_TESTS=1"), arguments: swiftInterfaces)
    func pluginInSwiftIsBuiltTestedCheckedAndInstalled(interface: String) async throws {
        try buildTestAndCheck(try await write(interface, "swift", as: "my_\(interface)"))
    }

    @Test(arguments: [
        (["--interface", "nonsense", "/tmp/x_y"], 64, "scorer"), (["--language", "cobol", "/tmp/x_y"], 64, "swift"),
        (["/tmp/Not-An-Id"], 64, "--id"), (["/"], 64, "--id"), (["--id", "good", "/proc"], 73, "not exist yet"),
    ])
    func whatCannotBeWrittenIsRefusedWithTheCure(arguments: [String], status: Int32, cure: String) async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(["plugin", "new"] + arguments, console: capture.console) == status)
        #expect(capture.notes.contains("hint: ") && capture.notes.contains(cure))
    }
}
