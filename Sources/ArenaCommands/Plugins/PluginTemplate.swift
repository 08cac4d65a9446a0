import ArenaCore
import Foundation

/// A plugin that is about to be written: which of the templates, and under which name.
struct PluginTemplate {
    /// The folder of the template's interface, such as `scorer`.
    let interface: String
    /// The folder of its language, such as `c`.
    let language: String
    let id: String

    /// The folder of the manifests, which are the same in every language with a library.
    private static let manifests = "manifest"

    /// What can be made, from the interface's name to the languages there are for it, in the order of the folders.
    static func available(in templates: URL) -> [String: [String]] {
        var languages: [String: [String]] = [:]
        for language in names(in: templates) where language != manifests {
            for interface in names(in: templates.appending(path: language)) where interface != "common" {
                languages[interface, default: []].append(language)
            }
        }
        return languages
    }

    /// - Throws: when there is no such template, or when `id` cannot name a plugin and its C symbols.
    init(interface: String, language: String, id: String, templates: URL) throws {
        let available = Self.available(in: templates)
        guard let languages = available[interface] else {
            throw Failure(
                code: "plugin.no_template", category: .invalidArgument,
                message: "There is no template for the interface \"\(interface)\".",
                hint: "There is one for each of: \(available.keys.sorted().joined(separator: ", ")).")
        }
        guard languages.contains(language) else {
            throw Failure(
                code: "plugin.no_template", category: .invalidArgument,
                message: "There is no template for \(interface) in \"\(language)\".",
                hint: "There is one in: \(languages.joined(separator: ", ")).")
        }
        guard Self.isIdentifier(id) else {
            throw Failure(
                code: "plugin.bad_id", category: .invalidArgument, message: "\"\(id)\" cannot name a plugin.",
                hint: "Take a small letter, then small letters, digits and _; give it with --id.")
        }
        self.interface = interface
        self.language = language
        self.id = id
    }

    /// Writes the plugin's own files and copies of those of Arena that it is built with.
    ///
    /// - Parameters:
    ///   - directory: must not exist, or be empty.
    ///   - sources: Arena's `Sources`.
    /// - Returns: the files of the plugin itself, by their path below `directory`.
    func write(to directory: URL, templates: URL, sources: URL) throws -> [String] {
        let files = FileManager.default
        if let content = try? files.contentsOfDirectory(atPath: directory.path), !content.isEmpty {
            throw Failure(
                code: "plugin.directory_in_use", category: .conflict, message: "\(directory.path) is not empty.",
                hint: "Name a folder that does not exist yet.")
        }
        var written: [String] = []
        var parts = ["\(language)/common", "\(language)/\(interface)"]
        let own = templates.appending(path: "\(language)/\(interface)/plugin.yaml")
        if !files.fileExists(atPath: own.path) { parts.append("\(Self.manifests)/\(interface)") }
        for part in parts {
            let template = templates.appending(path: part)
            for path in try files.subpathsOfDirectory(atPath: template.path).sorted() {
                let source = template.appending(path: path)
                if (try source.resourceValues(forKeys: [.isDirectoryKey])).isDirectory == true { continue }
                let target = filled(path)
                try write(filled(String(contentsOf: source, encoding: .utf8)), to: directory.appending(path: target))
                written.append(target)
            }
        }
        for (from, to) in Self.copies[language, default: []] {
            let target = directory.appending(path: to)
            try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.copyItem(at: sources.appending(path: from), to: target)
        }
        return written.sorted()
    }

    /// What of Arena a plugin is built with, and where it goes.
    private static let copies: [String: [(from: String, to: String)]] = [
        "c": [
            ("CArenaPlugin/include/arena", "include/arena"), ("CArenaPluginKit/include/arena_kit", "include/arena_kit"),
        ],
        "swift": ["CArenaPlugin", "ArenaCore", "ArenaJSON", "ArenaPluginKit"].map { ($0, "Arena/\($0)") },
    ]

    private func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func filled(_ text: String) -> String {
        let (what, attempt) = Self.descriptions.first { $0.key == interface }?.value ?? (interface, "")
        return
            text
            .replacing("{{what}}", with: what)
            .replacing("{{try}}", with: attempt)
            .replacing("{{id}}", with: id)
    }

    /// The interfaces in the order in which people are told of them, what a plugin for each is, and how to try it once
    /// it is granted.
    private static let descriptions: KeyValuePairs<String, (what: String, attempt: String)> = [
        "scorer": (
            "a scorer, which judges answers",
            """
            Try it:

                echo '{"item_id": "1", "output": "Paris, of course.", "reference": "Paris"}' | arena score {{id}} --items -
            """
        ),
        "scorer_aggregate": (
            "an aggregate, one figure for a whole run",
            "`arena plugin list` shows it; no command of Arena's asks for its figure so far."
        ),
        "rubric": (
            "a rubric, which judges by several checks",
            """
            Try it:

                arena eval arithmetic-words --limit 5 --rubric {{id}}
            """
        ),
        "job_kind": (
            "a job kind, which does long work that survives being killed",
            """
            Try it:

                arena run {{id}} --payload '{"text": "one two"}' --wait
            """
        ),
        "lane_engine": (
            "a lane type, which answers chats by itself",
            """
            Try it: add a lane of this type to `arena.yaml` in `$ARENA_HOME`, then ask it.

                lanes:
                  - {id: mine, type: {{id}}}

                arena lane check mine
            """
        ),
        "lane_codec": (
            "a lane type, which speaks a server's dialect of HTTP",
            """
            Try it, with the address of such a server:

                arena lane add mine --type {{id}} --url http://127.0.0.1:8080
                arena lane check mine
            """
        ),
        "exporter": (
            "an exporter, which writes records out",
            """
            Try it:

                arena eval arithmetic-words --limit 5
                arena export {{id}}
            """
        ),
    ]

    /// For people who ask what there is.
    static let interfaces = descriptions.map(\.key).joined(separator: ", ")

    private static func isIdentifier(_ id: String) -> Bool {
        guard let first = id.utf8.first, id.utf8.count <= 63, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return id.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
    }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }
}
