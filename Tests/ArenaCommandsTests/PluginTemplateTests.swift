import ArenaCommands
import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

extension NewcomerTests {
    /// What `arena plugin new` writes is built, tested, checked, installed and used as its README says.
    struct PluginTemplateTests {
        static let interfaces = [
            "scorer", "scorer_aggregate", "rubric", "job_kind", "lane_engine", "lane_codec", "exporter",
        ]
        static let isSlowWanted = ProcessInfo.processInfo.environment["ARENA_SLOW_TESTS"] == "1"
        /// One id for all, so that they can be built in one place.
        static let id = "my_plugin"

        /// Writes a plugin into `directory` of a newcomer's home.
        private func write(
            _ interface: String, _ language: String, to directory: String, of newcomer: Newcomer
        ) async throws {
            let capture = try Capture(isJSON: true)
            let status = await CommandLineTool.run(
                [
                    "plugin", "new", "--interface", interface, "--language", language, "--id", Self.id,
                    "\(newcomer.home)/\(directory)", "--json",
                ], console: capture.console)
            try #require(status == 0, "\(capture.notes)")
            #expect(capture.document["id"]?.string == Self.id)
            let files = capture.document["files"]?.array?.compactMap(\.string) ?? []
            #expect(files.contains(language == "python" ? "plugin.yaml" : "plugin.json"))
            #expect(files.contains("README.md") && files.contains("Makefile"))
            let words = try await newcomer.run("grep -rnE '\\{\\{[a-z]+\\}\\}' . || true", in: directory)
            #expect(words.answer == "", "every place was filled in")
        }

        @Test(arguments: interfaces)
        func pluginInCIsBuiltTestedCheckedInstalledAndUsed(interface: String) async throws {
            let newcomer = try Newcomer()
            try await write(interface, "c", to: "plugin", of: newcomer)
            try await newcomer.run("make 'CC=cc -Werror' all test check install", in: "plugin")
            try await UsedPlugin(interface: interface, id: Self.id, newcomer: newcomer).use()
        }

        @Test func scorerInPythonIsTestedCheckedInstalledAndUsed() async throws {
            let newcomer = try Newcomer()
            try await write("scorer", "python", to: "plugin", of: newcomer)
            try await newcomer.run("make all test check install", in: "plugin")
            try await UsedPlugin(interface: "scorer", id: Self.id, newcomer: newcomer).use()
        }

        /// They differ in nothing but what lies in `own`, so that all are built in one place, and Arena's modules once.
        @Test(.enabled(if: isSlowWanted, "builds packages: set ARENA_SLOW_TESTS=1"))
        func pluginsInSwiftAreBuiltTestedCheckedInstalledAndUsed() async throws {
            let own = "Sources Tests plugin.json README.md"
            let builder = try Newcomer()
            for interface in Self.interfaces {
                try await write(interface, "swift", to: interface, of: builder)
                try await builder.run(
                    """
                    if [ ! -d plugin ]; then cp -r \(interface) plugin; fi
                    diff -r -x .build -x build \(own.split(separator: " ").map { "-x \($0)" }.joined(separator: " ")) \
                        \(interface) plugin
                    for part in \(own); do rm -rf plugin/$part; cp -r \(interface)/$part plugin/$part; done
                    make -C plugin all test check
                    """)
                let newcomer = try Newcomer()
                try await newcomer.run("make -C \(builder.home)/plugin install")
                try await UsedPlugin(interface: interface, id: Self.id, newcomer: newcomer).use()
            }
        }

        static let refusals: [([String], Int32, String)] = [
            (["--interface", "nonsense", "/tmp/x_y"], 64, interfaces.sorted().joined(separator: ", ")),
            (["--interface", "exporter", "--language", "python", "/tmp/x_y"], 64, "There is one in: c, swift."),
            (["--language", "cobol", "/tmp/x_y"], 64, "There is one in: c, python, swift."),
            (["/tmp/Not-An-Id"], 64, "--id"), (["/"], 64, "--id"), (["--id", "good", "/proc"], 73, "not exist yet"),
        ]

        @Test(arguments: refusals)
        func whatCannotBeWrittenIsRefusedWithTheCure(arguments: [String], status: Int32, cure: String) async throws {
            let capture = try Capture()
            #expect(await CommandLineTool.run(["plugin", "new"] + arguments, console: capture.console) == status)
            #expect(capture.notes.contains("hint: ") && capture.notes.contains(cure))
        }

        @Test func helpNamesEveryTemplate() async throws {
            let help = try await Newcomer().run("arena plugin new --help")
            let words = help.answer.split { $0.isWhitespace || ",.;".contains($0) }.map(String.init)
            for name in Self.interfaces + ["c", "swift", "python"] { #expect(words.contains(name)) }
        }
    }
}
