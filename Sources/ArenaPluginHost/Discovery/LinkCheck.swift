/// Checks that each link of a folder ends at a file or folder of the same folder.
///
/// Works on the listing alone and follows nothing on disk.
struct LinkCheck {
    private let entries: [String: FolderEntry]
    private let links: [FolderEntry]
    private let displayPath: String

    init(entries: [FolderEntry], displayPath: String) {
        links = entries.filter { $0.status.kind == .link }
        self.entries = Dictionary(entries.map { ($0.path, $0) }) { first, _ in first }
        self.displayPath = displayPath
    }

    /// - Throws: `plugin.unsafe_link` for the first link that leaves the folder, dangles or runs in a circle.
    func run() throws(PluginError) {
        for link in links where resolve(link.path) == nil {
            throw PluginError(
                .unsafeLink, "\(displayPath)/\(link.path) is a link that does not end inside the plugin's folder.",
                hint: "Replace the link with a copy of what it points to.")
        }
    }

    /// The path of the file or folder that `path` ends at, all links followed; `nil` when that is not in the folder.
    func resolve(_ path: String) -> String? {
        var done: [Substring] = []
        var pending = Array(path.split(separator: "/", omittingEmptySubsequences: true).reversed())
        var steps = 0
        while let part = pending.popLast() {
            steps += 1
            guard steps <= 1000 else { return nil }
            if part == "." { continue }
            if part == ".." {
                guard done.popLast() != nil else { return nil }
                continue
            }
            done.append(part)
            guard let entry = entries[done.joined(separator: "/")] else { return nil }
            switch entry.status.kind {
            case .directory: continue
            case .file:
                guard pending.isEmpty else { return nil }
            case .link:
                guard let target = entry.linkTarget, !target.hasPrefix("/"), !target.isEmpty else { return nil }
                done.removeLast()
                pending += target.split(separator: "/").reversed()
            case .other: return nil
            }
        }
        return done.joined(separator: "/")
    }
}
