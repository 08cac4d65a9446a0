package import ArenaCore
import Crypto
import Glibc

/// The exact files of a plugin: what is granted, stored and loaded.
///
/// The identity is the SHA-256, in 64 lower-case hexadecimal digits, of the line `arena-plugin-content/1` and then one
/// line for each entry, sorted by the bytes of the path, `KIND MODE DIGEST PATH`, each line ended by a line feed:
///
/// ```
/// folder 0555 - data
/// file 0444 <sha256 of the bytes> data/words.txt
/// file 0555 <sha256 of the bytes> score.py
/// link 0777 <sha256 of the target's text> words.txt
/// ```
///
/// The mode is the one the stored copy has, so a different umask is no different plugin, but a different executable bit
/// is.
package struct PluginContent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file(isExecutable: Bool, sha256: String)
        case folder
        case link(target: String)
    }

    package struct Entry: Hashable, Sendable {
        package var path: String
        package var kind: Kind
    }

    /// Sorted by the bytes of the path.
    package let entries: [Entry]
    /// The identity.
    package let hash: String
    /// The sum of the files' sizes.
    package let size: ByteCount

    init(entries: [Entry], size: ByteCount) {
        self.entries = entries
        self.size = size
        var hash = SHA256()
        hash.update(data: Array("arena-plugin-content/1\n".utf8))
        for entry in entries { hash.update(data: Array(Self.line(entry).utf8)) }
        self.hash = Identifier.hex(hash.finalize())
    }

    private static func line(_ entry: Entry) -> String {
        switch entry.kind {
        case .file(let isExecutable, let sha256): "file \(isExecutable ? "0555" : "0444") \(sha256) \(entry.path)\n"
        case .folder: "folder 0555 - \(entry.path)\n"
        case .link(let target): "link 0777 \(sha256(of: Array(target.utf8))) \(entry.path)\n"
        }
    }
}

extension PluginContent {
    /// Hashes the listed files below an open folder. Blocks.
    ///
    /// - Throws: `plugin.changing` when a file is no longer the one that was listed.
    init(
        of listing: FolderListing, in folder: borrowing FileDescriptor, displayPath: String, digests: FileDigestCache
    ) throws(PluginError) {
        var entries: [Entry] = []
        var size = ByteCount(0)
        for item in listing.entries {
            switch item.status.kind {
            case .directory: entries.append(Entry(path: item.path, kind: .folder))
            case .link: entries.append(Entry(path: item.path, kind: .link(target: item.linkTarget ?? "")))
            case .file, .other:
                let shown = "\(displayPath)/\(item.path)"
                let digest = try reading(shown) { () throws(SystemFailure) -> String? in
                    let file = try folder.open(descending: item.path)
                    guard try file.status() == item.status else { return nil }
                    return try digests.digest(of: file, limit: item.status.size)
                }
                guard let digest else { throw PluginError(.changing, "\(shown) changed while it was read.") }
                let kind = Kind.file(isExecutable: item.status.isExecutable, sha256: digest)
                entries.append(Entry(path: item.path, kind: kind))
                size.bytes += item.status.size
            }
        }
        self.init(entries: entries, size: size)
    }
}

/// The SHA-256 of bytes in lower-case hexadecimal digits.
func sha256(of bytes: [UInt8]) -> String {
    Identifier.hex(SHA256.hash(data: bytes))
}
