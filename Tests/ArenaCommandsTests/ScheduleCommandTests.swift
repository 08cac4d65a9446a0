import ArenaCommands
import ArenaCore
import ArenaJSON
import Foundation
import Testing

/// `arena schedule` on a home of its own, with the plugins that were built with the tests.
struct ScheduleCommandTests {
    private struct Outcome {
        let status: Int32
        let answer: String
        let notes: String

        var document: JSONValue { (try? JSONValue(parsing: answer)) ?? .null }
    }

    /// A home that goes away with the test.
    private final class Home {
        let path = "/tmp/arena-schedules-\(Identifier.random())"

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path + "/benches", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func run(_ arguments: String...) async throws -> Outcome {
            let capture = try Capture(isJSON: arguments.contains("--json"))
            let status = await CommandLineTool.run(arguments + ["--home", path], console: capture.console)
            return Outcome(status: status, answer: capture.answer, notes: capture.notes)
        }
    }

    @Test func aScheduleLivesThroughItsCommands() async throws {
        let home = try Home()
        let added = try await home.run(
            "schedule", "add", "sleep", "--id", "nap", "--every", "90m", "--payload", #"{"seconds": 1}"#, "--json")
        #expect(added.status == 0, "\(added.notes)")
        #expect(added.document["id"] == "nap" && added.document["kind"] == "sleep/sleep")
        #expect(added.document["every_s"] == 5400 && added.document["catch_up"] == "once")
        #expect(added.document["next_runs"]?.array?.count == 5)
        #expect(added.notes.contains("arena worker"))
        #expect(try await home.run("schedule", "list", "--json").document[0]?["id"] == "nap")
        #expect(try await home.run("schedule", "list").answer.contains("every 90m"))
        #expect(try await home.run("schedule", "show", "nap").answer.contains(#"{"seconds":1}"#))
        let next = try await home.run("schedule", "next", "nap", "--count", "3", "--json")
        #expect(next.document["next_runs"]?.array?.count == 3 && next.document["id"] == "nap")
        #expect(try await home.run("schedule", "disable", "nap", "--json").document["next_run_at"] == .null)
        #expect(try await home.run("schedule", "list").answer.contains("disabled"))
        #expect(try await home.run("schedule", "enable", "nap", "--json").document["enabled"] == true)
        #expect(try await home.run("schedule", "remove", "nap").answer == "Removed nap.\n")
        #expect(try await home.run("schedule", "show", "nap").status == 66)
        #expect(try await home.run("schedule", "list", "--json").answer == "[]\n")
    }

    @Test(arguments: [
        (["--cron", "0 25 * * *"], "column 3", "Five fields"),
        (["--cron", "0 3 * * *", "--tz", "Nowhere/AtAll"], "There is no time zone \"Nowhere/AtAll\".", "IANA"),
        (["--every", "soon"], "--every", "15m"), (["--every", "0"], "--every", "15m"),
        ([], "either a cron expression or an interval", "0 3 * * *"),
        (["--every", "5", "--cron", "@daily"], "either", "hint:"),
        (["--every", "5", "--catch-up", "maybe"], "maybe", "skip, once, all"),
        (["--every", "5", "--payload", #"{"seconds": "many"}"#], "does not fit sleep/sleep", "hint:"),
        (["--every", "5", "--payload", "{"], "--payload is no JSON", "hint:"),
        (["--every", "5", "--id", "A b"], "cannot name a schedule", "a-z"),
    ])
    func faultsAreNamedWithTheirCure(arguments: [String], message: String, hint: String) async throws {
        let home = try Home()
        let capture = try Capture(isJSON: false)
        let status = await CommandLineTool.run(
            ["schedule", "add", "sleep", "--home", home.path] + arguments, console: capture.console)
        #expect(status == 64)
        #expect(capture.notes.contains(message) && capture.notes.contains(hint), "\(capture.notes)")
        #expect(try await home.run("schedule", "list", "--json").answer == "[]\n")
    }

    @Test func ruleCanBeTriedBeforeItIsOne() async throws {
        let home = try Home()
        let outcome = try await home.run("schedule", "next", "--cron", "30 2 * * *", "--count", "2", "--json")
        #expect(outcome.status == 0 && outcome.document["next_runs"]?.array?.count == 2)
        #expect(outcome.document["tz"] == "UTC" && outcome.document["id"] == nil)
        #expect(try await home.run("schedule", "next").status == 64)
        #expect(try await home.run("schedule", "next", "nap", "--every", "5").status == 64)
        #expect(try await home.run("schedule", "next", "--every", "5", "--count", "0").status == 64)
    }

    @Test func aPassWithNothingToDoSaysSo() async throws {
        let home = try Home()
        let outcome = try await home.run("drain", "--json")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(
            outcome.document == [
                "skipped": false, "fired": [], "drained": [], "n_drained": 0, "refused": .null, "failures": [],
            ])
        #expect(try await home.run("drain").answer == "Nothing to run.\n")
    }
}
