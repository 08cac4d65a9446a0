import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// `arena secret` as a shell runs it.
@Suite(.startsProcesses, .timeLimit(.minutes(1)))
struct SecretCommandTests {
    private static let text = "sk-0123456789-abcdef"

    private func arena(
        _ arguments: [String], home: String, input: String = "", variables: [String: String] = [:]
    ) async throws -> CommandRun {
        try await CommandRun(["secret"] + arguments, home: home, input: input, variables: variables)
    }

    @Test func aSecretIsSetFromStandardInputListedAndRemoved() async throws {
        try await EvaluationRun.withHome { home in
            let set = try await arena(
                ["set", "KEY", "--host", "api.example.org", "--json"], home: home, input: Self.text + "\n")
            #expect(set.status == 0, "\(set.errors)")
            #expect(
                try JSONValue(parsing: set.output)
                    == ["id": "KEY", "source": "store", "hosts": ["api.example.org"]])
            let attributes = try FileManager.default.attributesOfItem(atPath: home + "/secrets")
            #expect(attributes[.posixPermissions] as? Int == 0o600)

            let variables = ["ARENA_SECRET_OTHER": "other-text"]
            let list = try await arena(["list", "--json"], home: home, variables: variables)
            #expect(
                try JSONValue(parsing: list.output) == [
                    ["id": "KEY", "source": "store", "hosts": ["api.example.org"]],
                    ["id": "OTHER", "source": "environment", "hosts": []],
                ])
            let table = try await arena(["list"], home: home, variables: variables)
            #expect(table.output.contains("KEY") && table.output.contains("api.example.org"))
            for run in [set, list, table] {
                #expect(!run.words.contains(Self.text))
                #expect(!run.words.contains("other-text"))
            }

            #expect(try await arena(["remove", "KEY"], home: home).output == "Removed KEY.\n")
            #expect(try await arena(["list"], home: home).output.hasPrefix("No secrets."))
            let again = try await arena(["remove", "KEY", "--json"], home: home)
            #expect(again.status == 66)
            #expect(try JSONValue(parsing: again.output)["error"]?["code"] == "secret.unknown")
        }
    }

    @Test func whatCannotBeStoredIsRefusedWithoutBeingRepeated() async throws {
        try await EvaluationRun.withHome { home in
            for input in ["", "\n", "two words \(Self.text)\n", "one\n\(Self.text)\n"] {
                let run = try await arena(["set", "KEY"], home: home, input: input)
                #expect(run.status == 64)
                #expect(run.errors.contains("KEY") && !run.errors.contains(Self.text))
            }
            #expect(try await arena(["set", "A-B"], home: home, input: "x").status == 64)
            #expect(try await arena(["set", "KEY", "--host", "http://a"], home: home, input: "x").status == 64)
            #expect(try await arena(["list"], home: home).output.hasPrefix("No secrets."))
        }
    }

    @Test func aStoreThatOthersCanReadIsRefusedWithItsCure() async throws {
        try await EvaluationRun.withHome { home in
            #expect(try await arena(["set", "KEY"], home: home, input: Self.text).status == 0)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: home + "/secrets")
            let run = try await arena(["list"], home: home)
            #expect(run.status == 77)
            #expect(run.errors.contains("chmod 600 \(home)/secrets"))
        }
    }
}
