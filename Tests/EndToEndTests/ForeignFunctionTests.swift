import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// Scorers that are functions of a C library without Arena code.
@Suite(.startsProcesses, .serialized)
struct ForeignFunctionTests {
    @Test func aFunctionScoresLikeAnyOtherScorer() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(function: TestHouse.same())
            try await house.requireReady()
            let results = try await house.score(["yes", "no", "", "yes"], with: "judge")
            #expect(results.map(\.value) == [1, 0, 0, 1])
            #expect(try await house.score(["yes"], with: "foreign/judge").map(\.isPass) == [true])
            #expect(await house.placeOfForeign() == "child")
        }
    }

    @Test func whatAFunctionMayNotGiveFailsItsItemAlone() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(function: TestHouse.same())
            let results = try await house.score(["yes", "nan", "inf", "high", "low", "yes"], with: "judge")
            #expect(results.map(\.value) == [1, 0, 0, 0, 0, 1])
            #expect(results.map { $0.status == .ok } == [true, false, false, false, false, true])
            #expect(results[1].explain.contains("same returned nan, which is not within 0.0 to 1.0"))
            #expect(results[3].explain.contains("1.5"))
        }
    }

    @Test(arguments: ["crash", "abort", "exit", "hang"])
    func anItemThatEndsTheProcessFailsAndTheOthersScore(act: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(function: TestHouse.same(capabilities: ["timeout_ms": ["default": 400]]))
            let results = try await house.score(["yes", "no", act, "yes"], with: "judge")
            #expect(results.map(\.value) == [1, 0, 0, 1])
            #expect(results.map { $0.status == .ok } == [true, true, false, true])
            #expect(try await house.isAlive())
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let manifest: JSONValue
        let code: String
        let names: String
    }

    private static let anything: JSONValue = [
        ["output": "abc", "score": 1], ["output": "abcd", "score": 1], ["output": "abcde", "score": 1],
    ]

    static let wrong = [
        Wrong(
            testDescription: "a function of libc, through a library that uses it",
            manifest: TestHouse.function(
                "system", arguments: [["output": "cstring"]], returns: ["i32": ["min": 0, "max": 1]],
                examples: anything),
            code: "ffi.foreign_symbol", names: "system"),
        Wrong(
            testDescription: "a function of libc, through a library of the system",
            manifest: TestHouse.function(
                "abort", library: "libz.so.1", arguments: [["output": "cstring"]],
                returns: ["i32": ["min": 0, "max": 1]], examples: anything),
            code: "ffi.foreign_symbol", names: "abort"),
        Wrong(
            testDescription: "a function that is not there",
            manifest: TestHouse.function(
                "absent", arguments: [["output": "cstring"]], returns: TestHouse.fraction, examples: anything),
            code: "ffi.no_symbol", names: "absent"),
        Wrong(
            testDescription: "a function that reads past its text",
            manifest: TestHouse.function(
                "reads_on", arguments: [["output": "string"]], returns: TestHouse.fraction, examples: anything),
            code: "plugin.crashed", names: "signal 11"),
        Wrong(
            testDescription: "a function that writes to its text",
            manifest: TestHouse.function(
                "writes", arguments: [["output": "string"]], returns: TestHouse.fraction, examples: anything),
            code: "plugin.crashed", names: "signal 11"),
        Wrong(
            testDescription: "an example that scores otherwise",
            manifest: TestHouse.function(
                "percent", arguments: [["output": "i32"]], returns: ["i32": ["min": 0, "max": 100]],
                examples: [
                    ["output": "50", "score": 0.5], ["output": "25", "score": 0.3], ["output": "0", "score": 0],
                ]),
            code: "plugin.example_failed", names: "gives 0.25 for the example \"25\""),
        Wrong(
            testDescription: "the wrong type of a result",
            manifest: TestHouse.function(
                "percent", arguments: [["output": "i32"]], returns: TestHouse.fraction,
                examples: [["output": "1", "score": 1], ["output": "1", "score": 1], ["output": "1", "score": 1]]),
            code: "plugin.example_failed", names: "example \"1\""),
    ]

    @Test(arguments: wrong)
    func isFoundOutByTheProbe(wrong: Wrong) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(function: wrong.manifest)
            let status = try await house.foreign()
            #expect(status.state.name == "broken")
            #expect(status.failure?.code == wrong.code, "\(status.failure?.message ?? "")")
            #expect(status.failure?.message.contains(wrong.names) == true, "\(status.failure?.message ?? "")")
            #expect(status.failure?.hint?.isEmpty == false)
            #expect(try await house.isAlive())
        }
    }

    @Test func numbersAndListsReachTheFunctionAsTheirTypes() async throws {
        let cases:
            [(symbol: String, type: String, returns: JSONValue, examples: JSONValue, text: String, value: Double)] = [
                (
                    "percent", "i32", ["i32": ["min": 0, "max": 100]],
                    [["output": "50", "score": 0.5], ["output": " 0 ", "score": 0], ["output": "100", "score": 1]],
                    "75", 0.75
                ),
                (
                    "large", "i64", ["i64": ["min": -5, "max": 5]],
                    [
                        ["output": "0", "score": 0.5], ["output": "5000000000", "score": 1],
                        ["output": "-5000000000", "score": 0],
                    ],
                    "2500000000", 0.7
                ),
                (
                    "half", "double", ["float": ["min": 0, "max": 1]],
                    [["output": "1", "score": 0.5], ["output": "2", "score": 1], ["output": "0", "score": 0]], "0.5",
                    0.25
                ),
                (
                    "sum", "i32_array", ["i32": ["min": -10, "max": 10]],
                    [
                        ["output": "[1, 2, 3]", "score": 0.8], ["output": "1 2,3", "score": 0.8],
                        ["output": "", "score": 0.5],
                    ],
                    "-10", 0
                ),
                (
                    "mean", "float_array", ["double": ["min": 0, "max": 1]],
                    [
                        ["output": "[0.5]", "score": 0.5], ["output": "0 1", "score": 0.5],
                        ["output": "1\n1", "score": 1],
                    ],
                    "0.25, 0.75, 0.5, 0.5", 0.5
                ),
            ]
        for test in cases {
            try await TestHouse.withHouse { house in
                try await house.drop(
                    function: TestHouse.function(
                        test.symbol, arguments: [["output": .string(test.type)]], returns: test.returns,
                        examples: test.examples))
                try await house.requireReady()
                let results = try await house.score([test.text, "no number"], with: "judge")
                #expect(results[0].value == test.value, "\(test.symbol)")
                #expect(results[1].value == 0 && results[1].reason == .unparsable, "\(test.symbol)")
            }
        }
    }

    @Test func aTextWithANulInsideIsSkippedWhereCWouldEndIt() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                function: TestHouse.function(
                    "same_ended", arguments: [["output": "cstring"], ["reference": "cstring"]],
                    returns: TestHouse.fraction, examples: TestHouse.yesOrNo))
            try await house.requireReady()
            let results = try await house.score(["yes", "yes\0no"], with: "judge")
            #expect(results.map(\.isSkipped) == [false, true])
            #expect(results[0].value == 1 && results[1].explain.contains("NUL"))
        }
    }

    @Test func theBestReferenceCountsAndNoneSkipsTheItem() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(function: TestHouse.same())
            let kind = try await house.runtime.scoring.scorer("judge", config: [:])
            let items = [
                ScoreItem(itemID: "1", output: "b", references: ["a", "b", "high"]),
                ScoreItem(itemID: "2", output: "b"),
            ]
            let results = try await house.runtime.scoring.score(ScoreBatch(items), with: kind, config: [:])
            #expect(results[0].value == 1 && results[1].isSkipped)
        }
    }

    @Test func aGrantNamesLibraryAndFunction() async throws {
        try await TestHouse.withHouse(trustsAll: false) { house in
            try await house.drop(function: TestHouse.same())
            let status = try await house.foreign()
            #expect(status.state.name == "needs grant")
            #expect(status.failure?.message.contains("call the function same of plugin.so") == true)
            try await house.runtime.registry.trust("foreign")
            try await house.settle("foreign")
            try await house.requireReady()
            #expect(try await house.score(["yes"], with: "judge").map(\.value) == [1])
        }
    }

    @Test func runsInTheHostOnlyWhenItAsksAndWasGrantedSo() async throws {
        try await TestHouse.withHouse(trustsAll: false) { house in
            let wish: JSONValue = ["isolation": "host"]
            try await house.drop(function: TestHouse.same(capabilities: wish))
            try await house.runtime.registry.trust("foreign", isolation: .child)
            try await house.settle("foreign")
            #expect(await house.placeOfForeign() == "child")
            try await house.runtime.registry.trust("foreign", isolation: .host)
            try await house.settle("foreign")
            #expect(await house.placeOfForeign() == "host")
            #expect(try await house.score(["yes", "no"], with: "judge").map(\.value) == [1, 0])
        }
    }
}
