import ArenaCore
import ArenaHTTPClient
import ArenaRuntime
import Glibc
import Testing

struct SecretTests {
    private static let text = "sk-0123456789-abcdef"

    private func secrets(_ home: TemporaryHome, _ variables: [String: String] = [:]) -> Secrets {
        Secrets(home: home.path, environment: variables)
    }

    private func header(_ value: String) throws -> SecretHeaders {
        try SecretHeaders([HTTPField("Accept", "*/*"), HTTPField("Authorization", value)])
    }

    @Test func aStoredSecretIsListedWithoutItsTextAndCanBeRemoved() throws {
        try TemporaryHome.with { home in
            let secrets = secrets(home)
            #expect(try secrets.list().isEmpty)
            try secrets.set(try SecretName("B"), to: Secret(Self.text), hosts: ["api.example.org"])
            try secrets.set(try SecretName("A"), to: Secret("other"), hosts: [])
            let list = try secrets.list()
            #expect(list.map(\.name.text) == ["A", "B"])
            #expect(list.map(\.source) == [.store, .store])
            #expect(list[1].hosts == ["api.example.org"])
            #expect(!"\(list)".contains(Self.text))
            try secrets.remove(try SecretName("A"))
            #expect(try secrets.list().map(\.name.text) == ["B"])
            let error = #expect(throws: SecretError.self) { try secrets.remove(try SecretName("A")) }
            #expect(error?.code == "secret.unknown")
        }
    }

    @Test func theStoreIsForItsOwnerAlone() throws {
        try TemporaryHome.with { home in
            let secrets = secrets(home)
            try secrets.set(try SecretName("A"), to: Secret(Self.text), hosts: [])
            #expect(home.mode("secrets") == 0o600)
            // No draft is left behind.
            #expect(home.names().sorted() == ["secrets", "secrets.lock"])
            for mode in [mode_t(0o640), 0o604, 0o660] {
                chmod("\(home.path)/secrets", mode)
                let error = #expect(throws: SecretError.self) { try secrets.list() }
                #expect(error?.code == "secret.file_exposed")
                #expect(error?.category == .permissionDenied)
                #expect(error?.hint?.contains("chmod 600") == true)
                #expect(throws: SecretError.self) {
                    try secrets.set(try SecretName("B"), to: Secret("x"), hosts: [])
                }
            }
        }
    }

    @Test func aLinkInPlaceOfTheStoreIsRefused() throws {
        try TemporaryHome.with { home in
            try home.write("{}", to: "other")
            symlink("\(home.path)/other", "\(home.path)/secrets")
            let error = #expect(throws: SecretError.self) { try secrets(home).list() }
            #expect(error?.code == "secret.file_exposed")
        }
    }

    @Test(arguments: ["", "[]", #"{"A": "\#(text)"}"#, #"{"A": {"value": "\#(text)""#])
    func aDamagedStoreSaysSoWithoutRepeatingIt(_ content: String) throws {
        try TemporaryHome.with { home in
            try home.write(content, to: "secrets")
            let error = #expect(throws: SecretError.self) { try secrets(home).list() }
            #expect(error?.code == "secret.bad_file")
            #expect(error?.message.contains(Self.text) == false)
        }
    }

    @Test func aVariableComesBeforeTheStore() throws {
        try TemporaryHome.with { home in
            try secrets(home).set(try SecretName("KEY"), to: Secret("stored"), hosts: [])
            let secrets = secrets(home, ["ARENA_SECRET_KEY": Self.text, "ARENA_SECRET_EMPTY": "", "OTHER": "x"])
            let list = try secrets.list()
            #expect(list.map(\.name.text) == ["KEY"])
            #expect(list.map(\.source) == [.environment])
            let fields = try header("Bearer ${secret:KEY}")
                .resolved(for: try RequestTarget("https://example.org/"), with: secrets)
            #expect(fields[1].value == "Bearer \(Self.text)")
        }
    }

    @Test func onlyTheVariableCannotBeRemovedFromTheStore() throws {
        try TemporaryHome.with { home in
            let secrets = secrets(home, ["ARENA_SECRET_KEY": Self.text])
            let error = #expect(throws: SecretError.self) { try secrets.remove(try SecretName("KEY")) }
            #expect(error?.message == "The secret KEY is in the variable ARENA_SECRET_KEY, not in the store.")
        }
    }

    @Test(arguments: ["", "1A", "A-B", "A B", "Ä", "A/B", "_A", String(repeating: "A", count: 65)])
    func aNameThatIsNoneIsRefused(_ name: String) {
        let error = #expect(throws: SecretError.self) { try SecretName(name) }
        #expect(error?.code == "secret.bad_name")
    }

    @Test(arguments: ["", "two words", "a\nb", "a\u{7F}", String(repeating: "x", count: 8193)])
    func aTextThatCannotStandInAHeaderIsRefusedWithoutBeingRepeated(_ text: String) throws {
        try TemporaryHome.with { home in
            let error = #expect(throws: SecretError.self) {
                try secrets(home).set(try SecretName("KEY"), to: Secret(text), hosts: [])
            }
            #expect(error?.code == "secret.bad_value")
            #expect(text.isEmpty || error?.message.contains(text) == false)
            #expect(throws: SecretError.self) {
                try header("${secret:KEY}").resolved(
                    for: try RequestTarget("https://a/"), with: secrets(home, ["ARENA_SECRET_KEY": text]))
            }
        }
    }

    @Test(arguments: ["", "UPPER", "http://a", "a:0", "a:b", "a b", "a/b", "a:1:2"])
    func aHostThatIsNoneIsRefused(_ host: String) throws {
        try TemporaryHome.with { home in
            let error = #expect(throws: SecretError.self) {
                try secrets(home).set(try SecretName("KEY"), to: Secret("x"), hosts: [host])
            }
            #expect(error?.code == "secret.bad_host")
        }
    }

    @Test(arguments: [
        ("https://api.example.org/v1", true), ("http://api.example.org/", true), ("https://API.example.org/", true),
        ("https://api.example.org:8443/", false), ("https://example.org/", false),
        ("https://evil-api.example.org/", false), ("https://api.example.org.evil.org/", false),
        ("https://other.org:8443/", true), ("https://other.org/", false), ("http://[::1]:8080/", true),
        ("http://[::1]/", false),
    ])
    func aSecretIsForItsHostsAlone(_ url: String, _ isAllowed: Bool) throws {
        try TemporaryHome.with { home in
            let secrets = secrets(home)
            try secrets.set(
                try SecretName("KEY"), to: Secret(Self.text),
                hosts: ["api.example.org", "other.org:8443", "[::1]:8080"])
            let header = try header("${secret:KEY}")
            let target = try RequestTarget(url)
            if isAllowed {
                #expect(try header.resolved(for: target, with: secrets)[1].value == Self.text)
            } else {
                let error = #expect(throws: SecretError.self) { try header.resolved(for: target, with: secrets) }
                #expect(error?.code == "secret.host_refused")
                #expect(error?.message.contains(Self.text) == false)
            }
        }
    }

    @Test func textAroundReferencesStaysAsItIs() throws {
        try TemporaryHome.with { home in
            let secrets = secrets(home, ["ARENA_SECRET_A": "1", "ARENA_SECRET_B": "2"])
            let header = try header("$ {x} ${secret:A}-${secret:B}${secret:A}$")
            #expect(header.names.map(\.text).sorted() == ["A", "B"])
            let fields = try header.resolved(for: try RequestTarget("https://a/"), with: secrets)
            #expect(fields.map(\.name) == ["Accept", "Authorization"])
            #expect(fields.map(\.value) == ["*/*", "$ {x} 1-21$"])
        }
    }

    @Test(arguments: ["${", "${}", "${secret}", "${secret:}", "${secret:A", "${env:A}", "${secret:a b}"])
    func aReferenceThatIsNoneIsRefused(_ value: String) {
        #expect(throws: SecretError.self) { try header(value) }
    }

    @Test func aReferenceInANameIsRefused() {
        #expect(throws: SecretError.self) { try SecretHeaders([HTTPField("X-${secret:A}", "b")]) }
    }

    @Test func manyCanSetAtOnceAndNoneIsLost() async throws {
        let path = try TemporaryHome.make()
        let home = TemporaryHome(path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
                group.addTask { try secrets(home).set(try SecretName("S\(index)"), to: Secret("x"), hosts: []) }
            }
            try await group.waitForAll()
        }
        #expect(try secrets(home).list().count == 8)
        for name in home.names() { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
