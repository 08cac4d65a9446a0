import ArenaCore
import ArenaTestSupport
import Foundation
import Testing

/// Commands that cannot do what they were asked say why, and what cures it.
@Suite(.startsProcesses)
struct RefusalCommandTests {
    @Test func aPluginThatIsSwitchedOffCannotBeUsedAfterARetryEither() async throws {
        let home = try Home()
        #expect(try await home.run("plugin", "disable", "sleep").status == 0)
        #expect(try await home.run("plugin", "retry", "sleep").status == 78)
        #expect(try await home.run("plugin", "trust", "sleep").status == 0)
    }

    @Test func saysWhereAPluginCannotBeWritten() async throws {
        let outcome = try await Home().run("plugin", "new", "/proc/arena_foo")
        #expect(outcome.status == 69 || outcome.status == 77, "\(outcome.notes)")
        #expect(outcome.notes.contains("/proc/arena_foo") && outcome.notes.contains("hint: "))
        #expect(!outcome.notes.contains("Error Domain") && !outcome.notes.contains("Unexpected"))
    }

    @Test(arguments: [
        (CocoaError.Code.fileWriteNoPermission, ErrorCategory.permissionDenied),
        (.fileReadNoPermission, .permissionDenied), (.fileWriteOutOfSpace, .resourceExhausted),
        (.fileReadNoSuchFile, .notFound), (.fileWriteUnknown, .unavailable),
    ])
    func tellsAnErrorOfAFileInWords(code: CocoaError.Code, category: ErrorCategory) {
        let failure = Failure(CocoaError(code, userInfo: [NSFilePathErrorKey: "/x/y"]))
        #expect(failure.category == category)
        #expect(failure.message.hasPrefix("/x/y ") && failure.hint != nil)
    }

    @Test func namesTheGroupsOfChecks() async throws {
        let outcome = try await Home().run("plugin", "check", "/tmp", "--only", "nope")
        #expect(outcome.status == 64)
        #expect(outcome.notes.contains("\"nope\"") && outcome.notes.contains("hint: There are: "))
    }

    @Test func namesTheRubricsFileThatCannotBeRead() async throws {
        let outcome = try await Home().run("rubric", "check", "/nope")
        #expect(outcome.status == 66)
        #expect(outcome.notes.hasPrefix("error: /nope cannot be read."))
    }
}
