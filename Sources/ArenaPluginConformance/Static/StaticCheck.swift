import ArenaCore
import ArenaJSON
import ArenaJSONSchema
import ArenaPluginHost
import Foundation

/// What can be said of a plugin without running any of its code.
struct StaticCheck {
    let subject: ExaminedPlugin

    private var manifest: PluginManifest { subject.manifest }

    var checks: [PlannedCheck] {
        var checks = [
            check("manifest", "the manifest follows its rules and the files are safe") { _ in
                guard let warning = manifest.warnings.first else { return .pass("") }
                return .warning(warning, hint: "Correct the manifest; unknown members are often misspelt ones.")
            },
            check("about", "licence and description are given") { _ in about() },
            check("examples", "the examples fit the scorers") { _ in examples() },
        ]
        guard subject.plugin.library != nil else { return checks }
        checks += [
            check("exports", "the entry is the one exported `arena_` symbol") { library in exports(library) },
            check("needs", "every library that it needs can be found") { library in needs(library) },
            check("stack", "no executable stack is asked for") { library in
                library.hasExecutableStack
                    ? .fail(
                        nil, "the library asks for an executable stack",
                        hint: "Link with -z noexecstack; assembly sources need a .note.GNU-stack section.") : .pass("")
            },
            check("relocations", "its code is not changed while it is loaded") { library in
                library.hasTextRelocations
                    ? .fail(nil, "the library has text relocations", hint: "Compile everything with -fPIC.") : .pass("")
            },
        ]
        return checks
    }

    private func check(
        _ name: String, _ title: String, _ body: @escaping @Sendable (ElfLibrary) -> Verdict
    ) -> PlannedCheck {
        let path = subject.plugin.library
        return PlannedCheck(.static, name, subject: subject.id, title) {
            let bytes = try path.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
            // The three that are of the manifest alone do not look at it.
            guard let library = ElfLibrary(bytes ?? Self.noLibrary) else {
                return .fail(nil, "the library's headers contradict each other", hint: "Link it anew.")
            }
            return body(library)
        }
    }

    /// A header without anything behind it.
    private static let noLibrary: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)

    private func about() -> Verdict {
        let missing = [("license", manifest.license), ("description", manifest.description)].filter { $1 == nil }
        let silent = manifest.provides.filter { $0.description == nil }.map(\.id)
        guard missing.isEmpty, silent.isEmpty else {
            let what = missing.map { "`\($0.0)`" } + silent.map { "a description of \($0)" }
            return .warning(
                "the manifest lacks \(what.joined(separator: ", "))",
                hint: "Say in a sentence what it does, and under which licence (an SPDX name) it may be used.")
        }
        return .pass("")
    }

    private func examples() -> Verdict {
        for example in manifest.examples {
            let kind = manifest.provides.first { $0.interface == .scorer && $0.id == example.scorer }
            if !(0...1).contains(example.value) {
                return .fail(
                    "SCORER-1", "an example of \(example.scorer) expects \(example.value), which no scorer may give")
            }
            if let schema = kind?.schema, let issue = try? JSONSchema(schema).validate(example.config ?? [:]).first {
                return .fail(
                    nil, "the config of an example of \(example.scorer) does not fit its schema: \(issue.message)",
                    hint: "Correct the example or the schema.")
            }
        }
        let scorers = manifest.provides.filter { $0.interface == .scorer }.map(\.id)
        let short = scorers.filter { id in manifest.examples.filter { $0.scorer == id }.count < 2 }
        guard short.isEmpty else {
            return .warning(
                "there are fewer than two examples of \(short.joined(separator: ", "))",
                hint: "Add some under `examples`, right and wrong ones: they are its documentation and its test.")
        }
        return .pass("")
    }

    private func exports(_ library: ElfLibrary) -> Verdict {
        let own = library.exported.filter { $0.hasPrefix("arena_") }
        guard own.contains("arena_plugin_entry_v1") else {
            return .fail(
                "ENTRY-8", "the library does not export arena_plugin_entry_v1",
                hint: "Export it as arena/entry.h shows; in C with default visibility, in Swift `public` and `@c`.")
        }
        let others = own.filter { $0 != "arena_plugin_entry_v1" }
        guard others.isEmpty else {
            return .fail(
                "ENTRY-8", "the library also exports \(others.sorted().prefix(5).joined(separator: ", "))",
                hint: "Compile with -fvisibility=hidden, so that only the entry is exported.")
        }
        return .pass("")
    }

    private func needs(_ library: ElfLibrary) -> Verdict {
        let folder = subject.plugin.library.map { URL(filePath: $0).deletingLastPathComponent().path } ?? ""
        let own = library.searchPaths.map {
            $0.replacingOccurrences(of: "${ORIGIN}", with: folder).replacingOccurrences(of: "$ORIGIN", with: folder)
        }
        let folders = own + LibraryFolders.ofTheSystem
        let missing = library.needed.filter { name in
            !folders.contains { FileManager.default.fileExists(atPath: $0 + "/" + name) }
        }
        guard missing.isEmpty else {
            return .fail(
                nil, "\(missing.joined(separator: ", ")) is needed and lies in no folder that is searched",
                hint: "Install it, or put it beside the library and link with -rpath '$ORIGIN'.")
        }
        return .pass("")
    }
}

/// Where the dynamic loader looks on this machine.
enum LibraryFolders {
    static let ofTheSystem: [String] = {
        var folders = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"]
        let configured = "/etc/ld.so.conf.d"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: configured)) ?? [] {
            let text = (try? String(contentsOfFile: configured + "/" + name, encoding: .utf8)) ?? ""
            folders += text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("/") }
        }
        return folders
    }()
}
