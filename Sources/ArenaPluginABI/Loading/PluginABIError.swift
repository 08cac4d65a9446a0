package import ArenaCore

/// Why a library cannot be used as a plugin.
package struct PluginABIError: ArenaError, Hashable {
    package enum Problem: Hashable, Sendable {
        /// The dynamic loader refused it; its words.
        case notLoaded(String)
        /// The library has no entry symbol of any major version.
        case noEntry
        /// The library was built for another major version.
        case otherMajor(UInt32)
        /// The entry, or a table, breaks the rules of the ABI; what is wrong with it.
        case badTable(String, reason: String)
        /// The library does not provide what its manifest declares.
        case noInterface(String, kind: String)
    }

    package let problem: Problem
    /// The path of the library.
    package let library: String

    init(_ problem: Problem, library: String) {
        self.problem = problem
        self.library = library
    }

    package var code: String {
        switch problem {
        case .notLoaded: "plugin.load_failed"
        case .noEntry: "plugin.no_entry"
        case .otherMajor: "plugin.abi_mismatch"
        case .badTable: "plugin.bad_table"
        case .noInterface: "plugin.interface_missing"
        }
    }

    package var category: ErrorCategory {
        if case .noInterface = problem { .notFound } else { .failedPrecondition }
    }

    package var message: String {
        switch problem {
        case .notLoaded(let reason): "The library \(library) cannot be loaded: \(reason)."
        case .noEntry: "The library \(library) does not export `\(PluginLibrary.entrySymbol)`."
        case .otherMajor(let major):
            "The library \(library) is built for major version \(major) of the plugin ABI, "
                + "this host has \(PluginLibrary.abiMajor)."
        case .badTable(let name, let reason): "The \(name) of \(library) is refused: \(reason)."
        case .noInterface(let interface, let kind): "The library \(library) has no \(interface) named \(kind)."
        }
    }

    package var hint: String? {
        switch problem {
        case .notLoaded: "Check that the file is complete and that everything it links against is installed."
        case .noEntry: "Export it as arena/entry.h shows; in C with default visibility, in Swift `public` and `@c`."
        case .otherMajor: "Rebuild the plugin with the headers of major version \(PluginLibrary.abiMajor)."
        case .badTable: "This is a fault of the plugin: report it to its author."
        case .noInterface: "Make `get_interface` and the manifest's `provides` agree."
        }
    }
}
