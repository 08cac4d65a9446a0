package import ArenaPluginABI

/// A scorer that a manifest declares and that needs no Arena code.
package enum ForeignScorer: Hashable, Sendable {
    /// A function of a C library. Its library is relative to the plugin's folder, or one of ``systemLibraries``.
    case function(ForeignFunction)
    /// A program that reads and writes JSON lines: its name and arguments.
    case program([String])

    /// Libraries of the system whose functions may be called: they only compute.
    package static let systemLibraries: Set<String> = ["libm.so.6", "libz.so.1"]

    /// The file of the plugin's folder that holds the code; `nil` for one of the system.
    var ownLibrary: String? {
        guard case .function(let function) = self, !Self.systemLibraries.contains(function.library) else { return nil }
        return function.library
    }

    /// What a grant shows: `ffi: libm.so.6 exp`, `exec: python3 score.py`.
    var token: String {
        switch self {
        case .function(let function): "ffi: \(function.library) \(function.symbol)"
        case .program(let command): "exec: \(command.joined(separator: " "))"
        }
    }
}

extension ManifestNode {
    /// An element of `ffi_scorers`.
    ///
    /// - Parameter carrier: the library that carries the manifest, which is meant where none is named.
    func function(carrier: String?) throws(PluginError) -> ForeignFunction {
        let library: String
        if let named = self["library"] {
            library = try named.text("`library`")
            let isOwn = Self.isInside(library) && !Self.isOfTheSystem(library)
            guard isOwn || ForeignScorer.systemLibraries.contains(library) else {
                let known = ForeignScorer.systemLibraries.sorted().joined(separator: ", ")
                throw named.error(
                    "\"\(library.prefix(200))\" is neither a file of this folder nor one of \(known)",
                    hint: "Of the system only \(known) may be called; put any other library into the plugin's folder.")
            }
        } else if let carrier {
            library = carrier
        } else {
            throw error("`library` is missing: name a shared library of this folder, or one such as libm.so.6")
        }
        let symbol = try required("symbol", "name the function").functionName()
        let list = try required("arguments", "say what the function takes").array("`arguments`")
        guard (1...8).contains(list.count) else { throw error("`arguments` must be a list of 1 to 8") }
        var arguments: [ForeignFunction.Argument] = []
        for node in list { arguments.append(try node.argument()) }
        guard arguments.contains(where: { $0.source == .output }) else {
            throw error("no argument is made of the `output`, so every answer would score the same")
        }
        let (returns, range) = try required("returns", "such as {double: {min: 0, max: 1}}").returned()
        return ForeignFunction(library: library, symbol: symbol, arguments: arguments, returns: returns, range: range)
    }

    private static func isInside(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." } && !path.utf8.contains(0)
    }

    /// The C library would be found by the loader whatever lies in the folder, and its functions do more than compute.
    private static func isOfTheSystem(_ name: String) -> Bool {
        ["libc.so", "libdl.so", "libpthread.so", "ld-linux"].contains { name.hasPrefix($0) }
    }

    private func functionName() throws(PluginError) -> String {
        let name = try text("`symbol`")
        let isName = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        guard isName, (1...200).contains(name.utf8.count) else {
            throw error("`symbol` \"\(name.prefix(100))\" is no name of a C function")
        }
        return name
    }

    /// `{output: cstring}`
    private func argument() throws(PluginError) -> ForeignFunction.Argument {
        let members = try object("An argument")
        guard members.count == 1, let member = members.first else {
            throw error("an argument is one pair, such as {output: cstring}")
        }
        guard let source = ForeignFunction.Source(rawValue: member.key) else {
            throw member.node.error("an argument is made of \(Self.list(ForeignFunction.Source.self))")
        }
        guard let type = ForeignFunction.ArgumentType(rawValue: try member.node.text("The type")) else {
            throw member.node.error("the type must be \(Self.list(ForeignFunction.ArgumentType.self))")
        }
        return ForeignFunction.Argument(source, type)
    }

    /// `{double: {min: 0, max: 1}}`
    private func returned() throws(PluginError) -> (ForeignFunction.ReturnType, ClosedRange<Double>) {
        let members = try object("`returns`")
        guard members.count == 1, let member = members.first else {
            throw error("`returns` is one pair, such as {double: {min: 0, max: 1}}")
        }
        guard let type = ForeignFunction.ReturnType(rawValue: member.key) else {
            throw member.node.error("a function returns \(Self.list(ForeignFunction.ReturnType.self))")
        }
        _ = try member.node.object("`\(member.key)`")
        let min = try member.node.required("min", "what it returns for the worst answer").number("`min`")
        let max = try member.node.required("max", "what it returns for the best answer").number("`max`")
        guard min.isFinite, max.isFinite, min < max else { throw member.node.error("`min` must be less than `max`") }
        return (type, min...max)
    }

    private static func list<T: CaseIterable & RawRepresentable<String>>(_ type: T.Type) -> String {
        let names = T.allCases.map { "`\($0.rawValue)`" }
        return names.dropLast().joined(separator: ", ") + (names.last.map { " or \($0)" } ?? "")
    }

    /// The `command` of an element of `exec_scorers`.
    func command() throws(PluginError) -> [String] {
        let node = try required("command", "such as [python3, score.py]")
        var words: [String] = []
        for word in try node.array("`command`") {
            let text = try word.text("A word of `command`")
            guard !text.utf8.contains(0), text.utf8.count <= 4096 else { throw word.error("the word cannot be used") }
            words.append(text)
        }
        guard let program = words.first, !program.isEmpty, words.count <= 64 else {
            throw node.error("`command` must be a list of 1 to 64 words, the program first")
        }
        let isFile = program.hasPrefix("./") && Self.isInside(String(program.dropFirst(2)))
        guard isFile || !program.contains("/") else {
            throw node.error(
                "\"\(program.prefix(200))\" is neither the name of a program nor a file of this folder",
                hint: "Write a name such as python3, or ./NAME for a file of the plugin's folder.")
        }
        return words
    }
}
