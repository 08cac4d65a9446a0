import ArenaJSON
import ArenaLanes
import ArenaRuntime
import Foundation
import Testing

/// `arena lane add` writes into a file that belongs to the operator.
struct LaneFileTests {
    private static let lane: LaneConfiguration = {
        var lane = LaneConfiguration(id: "mine", type: "openai", title: "My: \"own\"")
        lane.baseURL = "http://127.0.0.1:8080"
        lane.model = "tiny"
        lane.certificateFile = "/etc/box.pem"
        lane.headers = [LaneHeader("Authorization", "Bearer ${secret:KEY}")]
        return lane
    }()

    private func add(to text: String?, _ lane: LaneConfiguration = lane) throws -> (text: String, read: Configuration) {
        try TemporaryHome.with(yaml: text) { home in
            let path = home.path + "/arena.yaml"
            try LaneFile(path: path).add(lane)
            let written = try String(contentsOfFile: path, encoding: .utf8)
            return (written, try Configuration(environment: home.environment))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let before: String?
        let after: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "no file", before: nil, after: "lanes:\n  - "),
        Case(name: "no list", before: "# mine\nport: 8080\n", after: "# mine\nport: 8080\n\nlanes:\n  - "),
        Case(name: "no end of line", before: "port: 8080", after: "port: 8080\n\nlanes:\n  - "),
        Case(name: "empty list", before: "lanes: []  # none yet\nport: 1\n", after: "lanes:  # none yet\n  - "),
        Case(
            name: "items at the margin", before: "lanes:\n- id: a\n  type: replay\n# the port\nport: 1\n",
            after: "lanes:\n- id: a\n  type: replay\n- "),
        Case(
            name: "items far in",
            before: "port: 1\nlanes:\n    # first\n    - {id: a, type: replay}  # why\n\njobs: {parallel: 1}\n",
            after: "port: 1\nlanes:\n    # first\n    - {id: a, type: replay}  # why\n    - "),
    ]

    @Test(arguments: cases)
    func addsAtTheEndAndLeavesTheRestAsItWas(_ one: Case) throws {
        let (text, read) = try add(to: one.before)
        #expect(text.hasPrefix(one.after), "\(text)")
        for line in (one.before ?? "").split(separator: "\n") where !line.hasPrefix("lanes:") {
            #expect(text.contains(line))
        }
        let lane = try #require(read.lanes.value.last)
        #expect(lane == Self.lane)
        #expect(read.lanes.value.count == (one.before?.contains("id: a") == true ? 2 : 1))
    }

    @Test func listInOneLineIsLeftToTheOperator() throws {
        let before = "lanes: [{id: a, type: replay}]\n"
        try TemporaryHome.with(yaml: before) { home in
            let error = #expect(throws: ConfigurationError.self) {
                try LaneFile(path: home.path + "/arena.yaml").add(Self.lane)
            }
            #expect(error?.code == "configuration.cannot_add_lane")
            #expect(error?.hint?.contains("base_url: \"http://127.0.0.1:8080\"") == true)
            let after = try String(contentsOfFile: home.path + "/arena.yaml", encoding: .utf8)
            #expect(after == before)
            let flow = try #require(error?.hint?.split(separator: "\n").last)
            try TemporaryHome.with(yaml: "lanes: [{id: a, type: replay}, \(flow)]\n") { mended in
                let read = try Configuration(environment: mended.environment)
                #expect(read.lanes.value.last == Self.lane)
            }
        }
    }

    @Test func addsSeveralOneAfterTheOther() throws {
        let first = try add(to: nil).text
        var other = Self.lane
        other.id = "other"
        let (_, read) = try add(to: first, other)
        #expect(read.lanes.value.map(\.id) == ["mine", "other"])
    }

    @Test(arguments: [
        ("base_url: ftp://x", "begin with http://"), ("base_url: http://", "no host"),
        ("base_url: http://u:p@h", "user name"), ("timeout_ms: 0", "1 to 86400000"), ("model: 3", "name of a model"),
        ("headers: [a]", "mapping"), ("headers: {\"A b\": c}", "header of one line"),
    ])
    func wrongValueIsNamedWithItsRule(setting: String, rule: String) throws {
        try TemporaryHome.with(yaml: "lanes:\n  - id: a\n    type: openai\n    \(setting)\n") { home in
            let error = #expect(throws: ConfigurationError.self) { try Configuration(environment: home.environment) }
            #expect(error?.message.contains("arena.yaml:4:") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(rule) == true, "\(error?.message ?? "")")
            if setting.hasPrefix("base_url") { #expect(error?.hint?.contains("scheme") == true) }
        }
    }
}
