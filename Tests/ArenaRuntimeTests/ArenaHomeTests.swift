import ArenaCore
import ArenaRuntime
import Glibc
import Testing

struct ArenaHomeTests {
    @Test func isFoundByFlagThenVariableThenUser() throws {
        let environment = ["HOME": "/home/me", "ARENA_HOME": "/srv/arena/"]
        #expect(try ArenaHome.locate(flag: "/tmp/x", environment: environment).value.path == "/tmp/x")
        #expect(try ArenaHome.locate(flag: "~/x", environment: environment).value.path == "/home/me/x")
        #expect(try ArenaHome.locate(environment: environment).value.path == "/srv/arena")
        let plain = try ArenaHome.locate(environment: ["HOME": "/home/me", "ARENA_HOME": ""])
        #expect(plain.value.path == "/home/me/.arena")
        #expect(plain.source == .default)
    }

    @Test func saysThatItHasNoPlace() {
        let error = #expect(throws: ConfigurationError.self) { try ArenaHome.locate(environment: [:]) }
        #expect(error?.hint?.contains("ARENA_HOME") == true)
    }

    @Test func makesItsDirectoriesForItsUserAlone() throws {
        try TemporaryHome.with { temporary in
            let home = ArenaHome(path: "\(temporary.path)/deep/home")
            try home.prepare()
            try home.prepare()
            let names = ["artifacts", "benches", "exports", "logs", "plugins", "rubrics", "store"]
            #expect(temporary.names("deep/home") == names)
            for name in names { #expect(temporary.mode("deep/home/\(name)") == 0o700) }
        }
    }

    @Test func saysWhatStandsInItsPlace() throws {
        try TemporaryHome.with { temporary in
            try temporary.write("", to: "plugins")
            let error = #expect(throws: ConfigurationError.self) { try temporary.home.prepare() }
            #expect(error?.message.contains("\(temporary.path)/plugins") == true)
        }
    }

    @Test func refusesAFolderOfOtherFiles() throws {
        try TemporaryHome.with { temporary in
            try temporary.write("dear aunt", to: "letter.txt")
            let error = #expect(throws: ConfigurationError.self) { try temporary.home.prepare() }
            #expect(error?.code == "configuration.not_a_home")
            #expect(temporary.names("") == ["letter.txt"])
            try temporary.write("", to: "arena.yaml")
            try temporary.home.prepare()
        }
    }

    @Test func refusesAHomeThatOthersCanWrite() throws {
        try TemporaryHome.with { temporary in
            chmod(temporary.path, 0o777)
            let error = #expect(throws: ConfigurationError.self) { try temporary.home.prepare() }
            #expect(error?.code == "configuration.writable_by_others")
            #expect(error?.category.exitStatus == 77)
        }
    }
}

struct OperatorTokenTests {
    @Test func isMadeOnceAndReadableByItsOwnerAlone() throws {
        try TemporaryHome.with { temporary in
            let first = try OperatorToken.loadOrCreate(in: temporary.home)
            let second = try OperatorToken.loadOrCreate(in: temporary.home)
            #expect(first.matches(second.reveal()))
            #expect(first.reveal().count == 64)
            #expect(temporary.mode("operator-token") == 0o600)
            #expect(temporary.names() == ["operator-token"])
            #expect("\(first)" == "<redacted>")
        }
    }

    @Test func isTheSameForAllThatStartAtOnce() async throws {
        let home = ArenaHome(path: try TemporaryHome.make())
        defer { TemporaryHome.remove(home.path) }
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try OperatorToken.loadOrCreate(in: home).reveal() } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
    }

    @Test(arguments: [(mode_t(0o640), "readable_by_others"), (mode_t(0o604), "readable_by_others")])
    func refusesAFileThatOthersCanRead(mode: mode_t, code: String) throws {
        try TemporaryHome.with { temporary in
            try temporary.write(String(repeating: "a", count: 64), to: "operator-token", mode: mode)
            let error = #expect(throws: ConfigurationError.self) {
                try OperatorToken.loadOrCreate(in: temporary.home)
            }
            #expect(error?.code == "configuration.\(code)")
        }
    }

    @Test(arguments: ["", "short", String(repeating: "-", count: 64)])
    func refusesAFileThatHoldsNoToken(text: String) throws {
        try TemporaryHome.with { temporary in
            try temporary.write(text, to: "operator-token")
            let error = #expect(throws: ConfigurationError.self) {
                try OperatorToken.loadOrCreate(in: temporary.home)
            }
            #expect(error?.code == "configuration.bad_token")
            #expect(text.isEmpty || error?.message.contains(text) == false)
        }
    }

    @Test func followsNoLink() throws {
        try TemporaryHome.with { temporary in
            try temporary.write(String(repeating: "a", count: 64), to: "elsewhere")
            symlink("\(temporary.path)/elsewhere", temporary.home.operatorToken)
            #expect(throws: ConfigurationError.self) { try OperatorToken.loadOrCreate(in: temporary.home) }
        }
    }
}
