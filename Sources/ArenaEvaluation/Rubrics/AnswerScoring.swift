import ArenaCore
package import ArenaJSON
package import ArenaPluginABI
package import ArenaPluginHost

/// What stands behind `arena.scoring/1`: scorers by their name, rubrics as `rubric:NAME` [SCORING-2].
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
        guard scorer.hasPrefix(Self.prefix) else {
            return try await scoring.score(batch, scorer: scorer, config: config)
        }
        let name = String(scorer.dropFirst(Self.prefix.count))
        let request = try RubricRequest(config, rubric: name)
        let rubric = try await rubrics.rubric(name)
        var judge: RubricJudge?
        if let lane = request.judgeLane, rubric.asksJudge { judge = try await RubricJudge(lane: lane, lanes: lanes) }
        let kind: ResolvedKind? =
            if let scorer = request.scorer {
                try await scoring.scorer(scorer, config: request.scorerConfig)
            } else { nil }
        let scores = try await rubrics.score(batch, with: rubric, judge: judge)
        guard let kind else {
            return ["scorer": rubric.record, "rubric": rubric.record, "scores": .array(scores.map(\.json))]
        }
        let results = try await scoring.score(batch, with: kind, config: request.scorerConfig)
        return [
            "scorer": kind.record, "rubric": rubric.record,
            "scores": .array(zip(scores, results).map { $0.json(beside: $1) }),
        ]
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
        judgeLane = config["judge_lane"]?.string
        scorer = config["scorer"]?.string
        scorerConfig = config["scorer_config"] ?? [:]
        if scorer?.hasPrefix(AnswerScoring.prefix) == true {
            throw RubricError(rubric, .badRequest("`scorer` names a rubric"))
        }
    }
}
