import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

extension NewcomerTests {
    /// docs/PLUGINS.md is done word for word, section by section, by somebody who has nothing but Arena.
    struct PluginDocumentTests {
        /// Beginning with a name of the section's own.
        struct Section: CustomTestStringConvertible, Sendable {
            var title: String
            var text = ""
            var blocks: [Block] = []

            var testDescription: String { title }
            /// Whether a package is built, which takes minutes.
            var isSlow: Bool { blocks.contains { $0.text.contains("--language swift") } }
        }

        struct Block: Sendable {
            let language: String
            var text = ""
        }

        static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        static let sections = read(
            (try? String(contentsOf: root.appending(path: "docs/PLUGINS.md"), encoding: .utf8)) ?? "")
        static let steps = sections.filter { !$0.blocks.isEmpty }

        static func read(_ document: String) -> [Section] {
            var sections: [Section] = []
            var block: Block?
            for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    if let ended = block { sections[sections.count - 1].blocks.append(ended) }
                    block = block == nil ? Block(language: String(line.dropFirst(3))) : nil
                } else if block != nil {
                    block?.text += line + "\n"
                } else if line.hasPrefix("#") {
                    sections.append(Section(title: line.trimmingCharacters(in: ["#", " "])))
                } else {
                    sections[sections.count - 1].text += line + "\n"
                }
            }
            return sections
        }

        @Test func everyBlockIsOneThatIsRun() {
            #expect(Self.steps.count >= 7)
            #expect(Set(Self.steps.flatMap(\.blocks).map(\.language)) == ["sh", "yaml", "json"])
            #expect(Self.steps.filter(\.isSlow).map(\.title) == ["A scorer in Swift"])
        }

        @Test func eachSectionNamesItsPluginOtherwise() {
            let scripts = Self.steps.flatMap(\.blocks).filter { $0.language == "sh" }.map(\.text)
            let ids = scripts.flatMap { $0.matches(of: /plugin new [^\n]*?(\w+)\n/).map { $0.1 } }
            #expect(ids.count >= 7 && Set(ids).count == ids.count, "\(ids)")
        }

        @Test(arguments: [
            "README.md", "docs/PLUGINS.md", "script/bootstrap",
            "Sources/ArenaCommands/Templates/swift/common/README.md",
        ])
        func asksForTheSwiftThatPluginsAreBuiltWith(path: String) throws {
            let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
            #expect(text.contains("Swift 6.3 or newer"))
        }

        @Test(arguments: steps.filter { !$0.isSlow })
        func sectionDoesWhatItSays(section: Section) async throws { try await follow(section) }

        @Test(
            .enabled(if: PluginTemplateTests.isSlowWanted, "builds a package: set ARENA_SLOW_TESTS=1"),
            arguments: steps.filter(\.isSlow))
        func sectionThatBuildsAPackageDoesWhatItSays(section: Section) async throws { try await follow(section) }

        /// Runs what is a script, writes what is a file under the name in its first line, and compares what is an answer
        /// with the last line of the script before it.
        private func follow(_ section: Section) async throws {
            let newcomer = try Newcomer()
            var lastLine = ""
            for block in section.blocks {
                switch block.language {
                case "sh":
                    let answer = try await newcomer.run(block.text).answer
                    lastLine = answer.split(separator: "\n").last.map(String.init) ?? ""
                case "yaml":
                    let first = try #require(block.text.split(separator: "\n").first)
                    try #require(first.hasPrefix("# "), "a file begins with its name")
                    try newcomer.write(
                        block.text, to: String(first.dropFirst(2)).replacing("~/", with: "", maxReplacements: 1))
                default:
                    #expect(try JSONValue(parsing: lastLine) == JSONValue(parsing: block.text))
                }
            }
        }

        @Test func tableNamesTheLanguagesThatThereAre() throws {
            let templates = Self.root.appending(path: "Sources/ArenaCommands/Templates")
            for interface in PluginTemplateTests.interfaces {
                let languages = ["c", "swift", "python"].filter {
                    FileManager.default.fileExists(atPath: templates.appending(path: "\($0)/\(interface)").path)
                }
                let row = Self.sections[0].text.split(separator: "\n").first { $0.contains("| `\(interface)`") }
                let named = try #require(row).split(separator: "|").last.map(Self.quoted)
                #expect(named == languages, "\(interface)")
            }
        }

        /// The names of members stand in the parsers as sets of texts.
        @Test func everyMemberThatAManifestMayHaveIsInTheTable() throws {
            let section = try #require(Self.sections.first { $0.title == "The manifest" })
            let named = Set(
                Self.quoted(section.text).flatMap { $0.split { !$0.isLetter && $0 != "_" && !$0.isNumber } })
            let folder = Self.root.appending(path: "Sources/ArenaPluginHost/Manifest")
            var members: Set<Substring> = []
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let source = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                for list in source.matches(of: /(?:members: Set<String> = |members: |besides: )\[([^\]]*)\]/) {
                    members.formUnion(list.1.matches(of: /"(\w+)"/).map { $0.1 })
                }
            }
            #expect(members.count > 40)
            #expect(members.subtracting(named) == [])
        }

        /// What stands between backquotes.
        private static func quoted(_ text: some StringProtocol) -> [String] {
            String(text).matches(of: /`([^`]+)`/).map { String($0.1) }
        }
    }
}
