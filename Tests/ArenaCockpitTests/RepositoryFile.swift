import Glibc

/// A file of the repository, found from the place of a test's source.
enum RepositoryFile {
    struct Missing: Error { let path: String }

    /// - Parameters:
    ///   - path: below the repository's root.
    ///   - source: the test's `#filePath`, two folders below the root.
    static func bytes(of path: String, from source: String) throws -> [UInt8] {
        let root = source.split(separator: "/").dropLast(3).joined(separator: "/")
        guard let file = fopen("/\(root)/\(path)", "r") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
