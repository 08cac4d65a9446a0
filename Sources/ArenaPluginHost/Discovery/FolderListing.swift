import ArenaCore
import Glibc

/// One file, folder or link of a plugin, by its path relative to the plugin's folder.
package struct FolderEntry: Hashable, Sendable {
    package var path: String
    package var status: FileStatus
    /// What a link says; `nil` for anything else.
    package var linkTarget: String?
}

/// Everything in a plugin's folder, sorted by the bytes of the path, with all safety rules checked and no content read.
///
/// Equal listings mean unchanged content, as far as ``FileStatus`` can tell.
package struct FolderListing: Hashable, Sendable {
    /// The folder itself; for a lone library, the library.
    package let root: FileStatus
    package let entries: [FolderEntry]
    /// Links that were left out because they lead out of the folder; empty unless the listing puts up with them.
    package let leftOut: [FolderEntry]

    /// The latest change of any part, in nanoseconds since 1970.
    package var lastChange: Int64 {
        entries.reduce(root.changed) { max($0, $1.status.changed) }
    }

    package func entry(at path: String) -> FolderEntry? {
        entries.first { $0.path == path }
    }

    /// The files and folders directly inside.
    var topNames: Set<String> { Set(entries.lazy.map(\.path).filter { !$0.contains("/") }) }

    /// A lone library: a folder's listing with one file.
    init(library name: String, status: FileStatus) {
        root = status
        entries = [FolderEntry(path: name, status: status)]
        leftOut = []
    }

    /// Lists the open folder. Blocks.
    ///
    /// - Parameter leavesLinksOut: a link that leads out costs itself alone, not the whole folder.
    /// - Throws: `plugin.unsafe_permissions`, `plugin.unsafe_link`, `plugin.unsafe_file`, `plugin.too_large`,
    ///   `plugin.unreadable`, or `plugin.changing` when something vanished meanwhile.
    init(
        folder: borrowing FileDescriptor, displayPath: String, rule: OwnershipRule, limits: PluginLimits,
        leavesLinksOut: Bool = false
    ) throws(PluginError) {
        var walk = FolderWalk(displayPath: displayPath, rule: rule, limits: limits)
        root = try reading(displayPath) { () throws(SystemFailure) in try folder.status() }
        try rule.check(root, path: displayPath)
        try walk.visit(folder, prefix: "", depth: 1)
        let found = walk.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let check = LinkCheck(entries: found, displayPath: displayPath)
        let stray = leavesLinksOut ? found.filter { $0.linkTarget != nil && check.resolve($0.path) == nil } : []
        if !leavesLinksOut { try check.run() }
        leftOut = stray
        entries = stray.isEmpty ? found : found.filter { !stray.contains($0) }
    }
}

/// The walk behind ``FolderListing``: descends by descriptor, so that a folder swapped for a link is never entered.
private struct FolderWalk {
    let displayPath: String
    let rule: OwnershipRule
    let limits: PluginLimits
    var entries: [FolderEntry] = []
    var total = ByteCount(0)

    mutating func visit(_ folder: borrowing FileDescriptor, prefix: String, depth: Int) throws(PluginError) {
        let here = "\(displayPath)/\(prefix)"
        guard depth <= limits.deepestFolder else {
            throw tooLarge("\(here) is nested deeper than \(limits.deepestFolder) folders")
        }
        let names = try reading(here) { () throws(SystemFailure) in try folder.names() }
        for name in names {
            guard let name, FileName.isAcceptable(name) else { throw FileName.error(in: here) }
            try visit(name, in: folder, prefix: prefix, depth: depth)
        }
    }

    private mutating func visit(
        _ name: String, in folder: borrowing FileDescriptor, prefix: String, depth: Int
    ) throws(PluginError) {
        let path = prefix + name
        let shown = "\(displayPath)/\(path)"
        guard path.utf8.count <= limits.longestPath else {
            throw tooLarge("The path of \(shown) is longer than \(limits.longestPath) bytes")
        }
        guard entries.count < limits.mostEntries else {
            throw tooLarge("\(displayPath) holds more than \(limits.mostEntries) files")
        }
        let status = try reading(shown) { () throws(SystemFailure) in try folder.status(of: name) }
        try check(status, shown: shown)
        var entry = FolderEntry(path: path, status: status)
        if status.kind == .link {
            entry.linkTarget = try reading(shown) { () throws(SystemFailure) in try folder.linkTarget(of: name) }
        }
        entries.append(entry)
        guard status.kind == .directory else { return }
        let child = try reading(shown) { () throws(SystemFailure) in try folder.open(name, O_RDONLY | O_DIRECTORY) }
        try visit(child, prefix: path + "/", depth: depth + 1)
    }

    private mutating func check(_ status: FileStatus, shown: String) throws(PluginError) {
        if case .other(let kind) = status.kind {
            throw PluginError(.unsafeFile, "\(shown) is \(kind), not a file.", hint: "Remove it from the plugin.")
        }
        try rule.check(status, path: shown)
        guard status.kind == .file else { return }
        guard status.size <= limits.largestFile.bytes else {
            throw tooLarge("\(shown) has \(ByteCount(status.size)), more than \(limits.largestFile)")
        }
        total.bytes += status.size
        guard total <= limits.largestTotal else {
            throw tooLarge("The files of \(displayPath) have more than \(limits.largestTotal) together")
        }
    }

    private func tooLarge(_ sentence: String) -> PluginError {
        PluginError(.tooLarge, "\(sentence).", hint: "Keep large data outside the plugin's folder.")
    }
}
