import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import Foundation

/// Rubrics in a house.
extension TestHouse {
    /// Writes an operator's rubric, whole at once.
    func write(rubric text: String, to name: String) throws {
        let folder = home + "/rubrics"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let staging = "\(home)/.staging-\(name)"
        try Data(text.utf8).write(to: URL(filePath: staging))
        chmod(staging, 0o644)
        rename(staging, "\(folder)/\(name)")
    }

    /// Looks until the rubric is there, and ready or not.
    func settle(rubric id: String) async throws {
        let changes = await runtime.registry.changes()
        await runtime.registry.refresh()
        for await snapshot in changes {
            let kinds = snapshot.ready.flatMap(\.manifest.provides)
            if kinds.contains(where: { $0.interface == .rubric && $0.id == id }) { return }
        }
    }

    /// Scores one answer.
    func score(
        _ output: String, _ rubric: String, input: String = "", references: [String] = [], judge: RubricJudge? = nil
    ) async throws -> RubricScore {
        let rubric = try await runtime.rubrics.rubric(rubric)
        let batch = ScoreBatch([ScoreItem(itemID: "1", input: input, output: output, references: references)])
        return try await runtime.rubrics.score(batch, with: rubric, judge: judge)[0]
    }
}

/// A lane that says what a test wants.
struct StubLane: LaneAccess {
    let says: @Sendable (JSONValue) throws -> String

    func perform(_ request: JSONValue, onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue {
        if request["op"] == "health" { return ["ok": true, "reason": ""] }
        return ["content": .string(try says(request))]
    }
}
