import ArenaCore
import Crypto
import Glibc

/// Copies a plugin's files into a folder of the store, hashing what it copies.
struct ContentCopy {
    let content: PluginContent
    let location: PluginLocation
    let limits: PluginLimits

    /// - Throws: `plugin.hash_mismatch` for the first file that is not the one that was examined.
    func run(into target: borrowing FileDescriptor, path: String) throws(PluginError) {
        let source = try openSource()
        for entry in content.entries {
            let slash = entry.path.lastIndex(of: "/")
            let name = slash.map { String(entry.path[entry.path.index(after: $0)...]) } ?? entry.path
            let parent = slash.map { String(entry.path[..<$0]) } ?? "."
            let folder = try writing("\(path)/\(entry.path)") { () throws(SystemFailure) in
                try target.open(descending: parent, O_RDONLY | O_DIRECTORY)
            }
            switch entry.kind {
            case .folder:
                try writing(path) { () throws(SystemFailure) in try folder.makeDirectory(name, permissions: 0o700) }
            case .link(let target):
                try writing(path) { () throws(SystemFailure) in try folder.makeLink(name, to: target) }
            case .file(let isExecutable, let sha256):
                let permissions: mode_t = isExecutable ? 0o555 : 0o444
                try copy(entry.path, from: source, to: name, in: folder, permissions, sha256)
            }
        }
        try seal(target, path)
    }

    private func openSource() throws(PluginError) -> FileDescriptor {
        try reading(location.path) { () throws(SystemFailure) in
            let parent = try FileDescriptor.directory(location.directory.path)
            let isFolder = try parent.status(of: location.name).kind == .directory
            return try parent.open(isFolder ? location.name : ".", O_RDONLY | O_DIRECTORY)
        }
    }

    private func copy(
        _ path: String, from source: borrowing FileDescriptor, to name: String, in folder: borrowing FileDescriptor,
        _ permissions: mode_t, _ expected: String
    ) throws(PluginError) {
        let shown = "\(location.path) (\(path))"
        let file = try reading(shown) { () throws(SystemFailure) in try source.open(descending: path) }
        let isFile = try reading(shown) { () throws(SystemFailure) in try file.status().kind == .file }
        let found = try isFile ? copyBytes(file, to: name, in: folder, permissions) : "no file"
        guard found == expected else {
            throw PluginError(
                .hashMismatch, "\(path) of \(location.path) is not the file that was examined: it changed meanwhile.",
                hint: "Leave the plugin's files alone for a second; Arena looks at them again by itself.")
        }
    }

    /// - Returns: The SHA-256 of what was copied.
    private func copyBytes(
        _ file: borrowing FileDescriptor, to name: String, in folder: borrowing FileDescriptor, _ permissions: mode_t
    ) throws(PluginError) -> String {
        try writing(name) { () throws(SystemFailure) in
            let copy = try folder.open(name, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o600)
            var hash = SHA256()
            try file.forEachChunk(limit: limits.largestFile.bytes) { chunk throws(SystemFailure) in
                hash.update(bufferPointer: chunk)
                try copy.write(chunk)
            }
            try copy.setPermissions(permissions)
            try copy.sync()
            return Identifier.hex(hash.finalize())
        }
    }

    /// Makes folders read-only and their names durable, from the leaves up.
    private func seal(_ target: borrowing FileDescriptor, _ path: String) throws(PluginError) {
        try writing(path) { () throws(SystemFailure) in
            for entry in content.entries.reversed() where entry.kind == .folder {
                let folder = try target.open(descending: entry.path, O_RDONLY | O_DIRECTORY)
                try folder.setPermissions(0o555)
                try folder.sync()
            }
            try target.setPermissions(0o555)
            try target.sync()
        }
    }
}
