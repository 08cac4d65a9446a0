import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file that a test writes for a compiler, removed with the value.
final class SourceFile {
    let path: String
    private let folder: String

    init(_ text: String, _ name: String) throws {
        let template = try #require(strdup("/tmp/arena-source-XXXXXX"))
        defer { free(template) }
        folder = String(cString: try #require(mkdtemp(template)))
        path = "\(folder)/\(name)"
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }
}
