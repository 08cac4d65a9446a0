import ArenaCore
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A home folder with a key that no plugin may see, and a scratch folder that it may use. All belong to the user.
final class TestHome {
    let path: String
    var key: String { path + "/id_test" }
    var scratch: String { path + "/scratch" }

    init(of user: TestUser) throws {
        path = "/tmp/arena-home-\(Identifier.random())"
        try #require(mkdir(path, 0o700) == 0)
        try #require(mkdir(scratch, 0o700) == 0)
        let file = try #require(fopen(key, "w"))
        fputs("secret\n", file)
        fclose(file)
        chmod(key, 0o600)
        if user == .ordinary { for name in [path, key, scratch] { try #require(chown(name, 1000, 1000) == 0) } }
    }

    deinit {
        for name in ["/id_test", "/scratch/new", "/new"] { unlink(path + name) }
        rmdir(scratch)
        rmdir(path)
    }

    /// The mode and size of the key: what a plugin must not have changed.
    func keyState() throws -> [Int] {
        var status = stat()
        try #require(stat(key, &status) == 0)
        return [Int(status.st_mode), Int(status.st_size)]
    }
}
