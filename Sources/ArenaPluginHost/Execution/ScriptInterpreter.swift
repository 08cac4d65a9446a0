import ArenaCore

#if canImport(Glibc)
import Glibc
#endif

/// What the first line of a script, `#!/bin/bash -e` or `#!/usr/bin/env python3`, says it is run by.
struct ScriptInterpreter {
    /// The file that is executed, links followed.
    let path: String
    /// As the interpreter sees them, its own name first; the script's path follows.
    let words: [String]

    /// As much of the first line as the kernel reads.
    private static let longestLine = 256

    /// `nil`: `file` is no script, cannot be read or must not be executed; starting it says so.
    ///
    /// - Parameter folders: where the program is looked for that `env` is to find.
    /// - Throws: `exec.no_interpreter`. Blocks for as long as a look at a few files takes.
    init?(of file: String, folders: [String]) throws(Failure) {
        guard access(file, X_OK) == 0, let descriptor = try? FileDescriptor.open(file),
            let start = Self.firstBytes(of: descriptor), start.starts(with: "#!".utf8)
        else { return nil }
        let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let text = String(decoding: line, as: UTF8.self).trimmingBlanks
        let name = String(text.prefix { $0 != " " && $0 != "\t" })
        // The kernel hands over all that follows as one argument.
        let rest = String(text.dropFirst(name.count)).trimmingBlanks
        if name.hasSuffix("/env"), !rest.isEmpty {
            let found = folders.lazy.compactMap { Self.executable("\($0)/\(rest)") }.first
            guard !rest.contains("/"), let found else { throw Self.missing(rest, in: folders, file) }
            (path, words) = (found, [rest])
            return
        }
        guard let found = Self.executable(name) else { throw Self.missing(name, in: [], file) }
        (path, words) = (found, rest.isEmpty ? [name] : [name, rest])
    }

    private static func firstBytes(of file: borrowing FileDescriptor) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: longestLine)
        let count = pread(file.raw, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private static func executable(_ path: String) -> String? {
        path.hasPrefix("/") && access(path, X_OK) == 0 ? ForeignLaunch.resolved(path) : nil
    }

    private static func missing(_ name: String, in folders: [String], _ script: String) -> Failure {
        let place = folders.isEmpty ? "" : " in \(folders.joined(separator: ", "))"
        return Failure(
            code: "exec.no_interpreter", category: .failedPrecondition,
            message: "The first line of \(script) names \"\(name.prefix(200))\", and there is no such program\(place).",
            hint: "Write the interpreter's whole path after #!, or `#!/usr/bin/env NAME` with a NAME alone.")
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\r" }
        let start = drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
