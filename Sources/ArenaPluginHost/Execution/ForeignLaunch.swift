import ArenaCore
import ArenaJSON
import ArenaPluginABI

#if canImport(Glibc)
import Glibc
#endif

/// How a scorer without Arena code is told to its child.
struct ForeignLaunch {
    /// The member `foreign` of `hello`.
    let document: JSONValue
    /// What it must read besides the plugin's folder and the system's libraries.
    let readOnly: [String]

    /// Where programs are looked for, in this order. Not the user's PATH: that may lead to files that others can change.
    static let programFolders = ["/usr/local/bin", "/usr/bin", "/bin"]
    /// What interpreters keep elsewhere.
    private static let interpreterFolders = ["/usr/local/lib", "/usr/share"]
    /// What the kernel starts to load a program, by processor.
    private static let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]

    /// - Parameters:
    ///   - folder: the plugin's, in the store.
    ///   - isProbe: texts are handed to functions at the end of a page.
    /// - Throws: `exec.no_program`, `exec.no_interpreter`. Blocks for as long as a look at a few files takes.
    init(_ scorer: ForeignScorer, folder: String, isProbe: Bool) throws(Failure) {
        switch scorer {
        case .function(var function):
            if let own = scorer.ownLibrary { function.library = "\(folder)/\(own)" }
            document = ["function": function.json, "guarded": .bool(isProbe)]
            readOnly = []
        case .program(let command):
            var program = try Self.file(command, folder)
            var arguments = command
            if let script = try ScriptInterpreter(of: program, folders: Self.programFolders) {
                // The fences let only the program and its loader be executed, so the kernel could not start it.
                arguments = script.words + [program] + command.dropFirst()
                program = script.path
            }
            let executables = ([program] + Self.loaders).compactMap(Self.resolved)
            document = [
                "program": [
                    "path": .string(program), "arguments": .array(arguments.map(JSONValue.string)),
                    "folder": .string(folder), "executables": .array(executables.map(JSONValue.string)),
                ]
            ]
            readOnly = Self.interpreterFolders
        }
    }

    private static func file(_ command: [String], _ folder: String) throws(Failure) -> String {
        let name = command.first ?? ""
        if name.hasPrefix("./") { return "\(folder)/\(name.dropFirst(2))" }
        for candidate in programFolders.map({ "\($0)/\(name)" }) where access(candidate, X_OK) == 0 {
            if let path = resolved(candidate) { return path }
        }
        throw Failure(
            code: "exec.no_program", category: .failedPrecondition,
            message: "There is no program \(name) in \(programFolders.joined(separator: ", ")).",
            hint: "Install it there, or ship it in the plugin's folder and name it ./\(name).")
    }

    static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
