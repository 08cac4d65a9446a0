import ArenaCore
package import ArenaJSON
package import ArenaPluginABI
package import ArenaPluginHost

/// Judges answers by a name that means a scorer, or as `rubric:NAME` a rubric: what stands behind `arena.scoring/1`
/// [SCORING-2], `arena score` and `/api/score`.
package struct AnswerScoring: ItemScoring {
    private let scoring: ScoringService
    private let rubrics: RubricService
    private let lanes: any LaneAccess

    /// How a request names a rubric.
    package static let prefix = "rubric:"

    package init(scoring: ScoringService, rubrics: RubricService, lanes: any LaneAccess) {
        self.scoring = scoring
        self.rubrics = rubrics
        self.lanes = lanes
    }

    package func score(_ batch: ScoreBatch, scorer: String, config: JSONValue) async throws -> JSONValue {
        let prepared = try await prepare(scorer, config: config)
        var answer = prepared.record
        answer["scores"] = .array(try await prepared.score(batch))
        return .object(answer)
    }

    /// Looks up everything that the name and its configuration ask for; nothing is judged yet.
    ///
    /// - Parameter config: a scorer's own; for a rubric `{"judge_lane"?, "scorer"?, "scorer_config"?}`.
    package func prepare(_ name: String, config: JSONValue) async throws -> PreparedScoring {
        guard name.hasPrefix(Self.prefix) else {
            let kind = try await scoring.scorer(name, config: config)
            return PreparedScoring(scoring: scoring, rubrics: rubrics, scorer: (kind, config))
        }
        let id = String(name.dropFirst(Self.prefix.count))
        let request = try RubricRequest(config, rubric: id)
        let rubric = try await rubrics.rubric(id)
        var prepared = PreparedScoring(scoring: scoring, rubrics: rubrics, rubric: rubric)
        if let lane = request.judgeLane, rubric.asksJudge {
            prepared.judge = try await RubricJudge(lane: lane, lanes: lanes)
        }
        if let scorer = request.scorer {
            prepared.scorer = (try await scoring.scorer(scorer, config: request.scorerConfig), request.scorerConfig)
        }
        return prepared
    }
}

/// A scorer, a rubric, or a rubric beside a scorer: found, with its configuration checked.
package struct PreparedScoring: Sendable {
    fileprivate let scoring: ScoringService
    fileprivate let rubrics: RubricService
    fileprivate var scorer: (kind: ResolvedKind, config: JSONValue)?
    fileprivate var rubric: PreparedRubric?
    fileprivate var judge: RubricJudge?

    /// Who judges: `{"scorer", "rubric"?}`.
    var record: JSONObject {
        var record: JSONObject = ["scorer": scorer?.kind.record ?? rubric?.record ?? .null]
        record["rubric"] = rubric?.record
        return record
    }

    /// One object an item, as ``ScoreResult/json`` or ``RubricScore/json`` has it.
    package func score(_ batch: ScoreBatch) async throws -> [JSONValue] {
        var scores: [RubricScore] = []
        if let rubric { scores = try await rubrics.score(batch, with: rubric, judge: judge) }
        guard let scorer else { return scores.map(\.json) }
        let results = try await scoring.score(batch, with: scorer.kind, config: scorer.config)
        guard rubric != nil else { return results.map(\.json) }
        return zip(scores, results).map { $0.json(beside: $1) }
    }
}

/// What a request to score with a rubric may say besides.
private struct RubricRequest {
    let judgeLane: String?
    let scorer: String?
    let scorerConfig: JSONValue

    init(_ config: JSONValue, rubric: String) throws(RubricError) {
        for (key, _) in config.object ?? [:] where !["judge_lane", "scorer", "scorer_config"].contains(key) {
            throw RubricError(rubric, .badRequest("there is no member `\(key)`"))
        }
        func text(_ key: String) throws(RubricError) -> String? {
            guard let value = config[key], !value.isNull else { return nil }
            guard let text = value.string else { throw RubricError(rubric, .badRequest("`\(key)` must be text")) }
            return text
        }
        judgeLane = try text("judge_lane")
        scorer = try text("scorer")
        scorerConfig = config["scorer_config"] ?? [:]
        if scorer?.hasPrefix(AnswerScoring.prefix) == true {
            throw RubricError(rubric, .badRequest("`scorer` names a rubric"))
        }
    }
}
