package import ArenaCore
import Glibc

/// The token that its bearer needs for what widens rights. It lies in the home, readable by its owner alone.
package enum OperatorToken {
    /// The home's token; makes one when there is none yet. Of several processes that start at once, all get the same.
    ///
    /// Blocks while it reads or writes one small file.
    ///
    /// - Throws: ``ConfigurationError`` when the file cannot be made or read, or when others can read it.
    package static func loadOrCreate(in home: ArenaHome) throws(ConfigurationError) -> Secret {
        let path = home.operatorToken
        if let token = try load(path) { return token }
        let draft = "\(path).\(Identifier.random())"
        defer { unlink(draft) }
        try write(Identifier.random() + Identifier.random() + "\n", to: draft)
        // A link appears whole or not at all, and never replaces another process's token.
        guard link(draft, path) == 0 || errno == EEXIST else { throw .cannotMake(path, errno: errno) }
        guard let token = try load(path) else { throw .cannotRead(path, errno: ENOENT) }
        return token
    }

    private static func load(_ path: String) throws(ConfigurationError) -> Secret? {
        guard let file = try SmallFile(opening: path, followingLinks: false) else { return nil }
        if file.mode & 0o077 != 0 { throw .readableByOthers(path) }
        if file.owner != geteuid(), geteuid() != 0 { throw .ownedByAnother(path) }
        let text = String(decoding: try file.read(limit: .kibibytes(4)), as: UTF8.self)
        let token = text.filter { !$0.isWhitespace }
        guard token.utf8.count >= 32, token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw .badToken(path)
        }
        return Secret(token)
    }

    private static func write(_ text: String, to path: String) throws(ConfigurationError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotMake(path, errno: errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw .cannotMake(path, errno: errno)
        }
    }
}
