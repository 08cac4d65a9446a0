import Glibc

/// The directory that holds everything that Arena keeps: configuration, store, plugins and what jobs make.
package struct ArenaHome: Sendable, Hashable {
    /// Absolute, without a slash at the end.
    package let path: String

    /// - Parameter path: an absolute path.
    package init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Finds the home: flag, else `ARENA_HOME`, else `~/.arena`. A relative path starts at the working directory.
    ///
    /// - Throws: ``ConfigurationError`` when neither `ARENA_HOME` nor `HOME` says where.
    package static func locate(
        flag: String? = nil,
        environment: [String: String]
    ) throws(ConfigurationError) -> Setting<ArenaHome> {
        let places = ConfigurationPaths(environment: environment)
        if let flag {
            return Setting(key: "home", value: Self(path: places.absolute(flag)), source: .flag("--home"))
        }
        if let path = environment["ARENA_HOME"], !path.isEmpty {
            return Setting(key: "home", value: Self(path: places.absolute(path)), source: .environment("ARENA_HOME"))
        }
        guard let user = environment["HOME"], user.hasPrefix("/") else { throw .noHome }
        return Setting(key: "home", value: Self(path: "\(user)/.arena"), source: .default)
    }

    package var configurationFile: String { "\(path)/arena.yaml" }
    package var database: String { "\(path)/arena.db" }
    /// Where people drop plugins.
    package var plugins: String { "\(path)/plugins" }
    /// The copies that are loaded, one folder a hash.
    package var store: String { "\(path)/store" }
    package var pluginsLock: String { "\(path)/plugins.lock" }
    package var rubrics: String { "\(path)/rubrics" }
    package var benches: String { "\(path)/benches" }
    package var artifacts: String { "\(path)/artifacts" }
    package var exports: String { "\(path)/exports" }
    package var logs: String { "\(path)/logs" }
    package var drainLock: String { "\(path)/drain.lock" }
    package var operatorToken: String { "\(path)/operator-token" }

    /// Makes the home and its directories, for this user alone (0700). What is there already is left as it is.
    ///
    /// - Throws: ``ConfigurationError`` when a directory cannot be made, or when others could write into the home.
    ///   Also when it holds files and none of them is Arena's: a mistyped path shall not become a home.
    package func prepare() throws(ConfigurationError) {
        if let names = names(), !names.isEmpty, names.isDisjoint(with: Self.marks) { throw .notAHome(path) }
        var parent = ""
        for part in path.split(separator: "/") {
            parent += "/\(part)"
            try makeDirectory(parent)
        }
        try checkSafety()
        for directory in [plugins, store, rubrics, benches, artifacts, exports, logs] {
            try makeDirectory(directory)
        }
    }

    /// Any of these makes a folder that is not empty a home.
    private static let marks: Set<String> = ["arena.yaml", "arena.db", "plugins", "benches", "rubrics", "store"]

    /// What is in the folder; `nil` when it cannot be read, or is not there.
    private func names() -> Set<String>? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: Set<String> = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", name != "lost+found" { names.insert(name) }
        }
        return names
    }

    private func makeDirectory(_ path: String) throws(ConfigurationError) {
        guard mkdir(path, 0o700) != 0 else { return }
        let failure = errno
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        throw .cannotMake(path, errno: failure)
    }

    /// Who can write here can grant plugins, and so run code as this user.
    private func checkSafety() throws(ConfigurationError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .cannotRead(path, errno: errno) }
        if status.st_mode & 0o002 != 0 { throw .writableByOthers(path, cure: "chmod o-w \(path)") }
        if status.st_uid != geteuid(), geteuid() != 0 { throw .ownedByAnother(path) }
    }
}

/// How paths in flags, variables and `arena.yaml` are read.
struct ConfigurationPaths {
    let environment: [String: String]
    /// Where a relative path starts; `nil` for the working directory.
    var base: String?

    /// `~/` is the user's home; a relative path starts at ``base``.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/"), let user = environment["HOME"] { return user + path.dropFirst() }
        return "\(base ?? Self.workingDirectory)/\(path)"
    }

    private static var workingDirectory: String {
        guard let bytes = getcwd(nil, 0) else { return "/" }
        defer { free(bytes) }
        return String(cString: bytes)
    }
}
