import ArenaCore
import ArenaJSON
package import ArenaPluginABI
import ArenaPluginHost

extension RubricService {
    /// Items whose steps are planned together.
    private static let batchSize = 32

    /// Scores answers: plan, the steps in as few batches as there are scorers, combine.
    ///
    /// - Parameter judge: who answers for a judge; without one the checks of a judge are left out and say so.
    package func score(
        _ batch: ScoreBatch, with rubric: PreparedRubric, judge: RubricJudge? = nil
    ) async throws -> [RubricScore] {
        var scores: [RubricScore] = []
        var start = 0
        while start < batch.count {
            let end = min(start + Self.batchSize, batch.count)
            scores += try await scoreTogether(batch[start..<end], rubric, judge)
            start = end
        }
        return scores
    }

    private func scoreTogether(
        _ batch: ScoreBatch, _ rubric: PreparedRubric, _ judge: RubricJudge?
    ) async throws -> [RubricScore] {
        var plans: [[RubricStep]] = []
        for plan in try await executor.plan(batch, with: rubric.source) {
            plans.append(try RubricStep.read(plan, of: rubric))
        }
        var results = RubricResults(plans)
        let items = batch.items
        for (scorer, places) in results.scorerGroups() {
            let kind = try await scoring.scorer(scorer.name, config: scorer.config)
            let group = ScoreBatch(places.map { items[$0.item].with(references: results.references(of: $0)) })
            let scores = try await scoring.score(group, with: kind, config: scorer.config)
            for (place, score) in zip(places, scores) { results[place] = score.json }
        }
        try await ask(judge, &results)
        let lists = results.lists
        let combined = try await executor.combine(batch, results: lists, with: rubric.source)
        var scores: [RubricScore] = []
        for (index, value) in combined.enumerated() {
            let named = zip(plans[index], lists[index].array ?? []).map { (name: $0.name, result: $1) }
            scores.append(try RubricScore(value, named, of: rubric.id))
        }
        return scores
    }

    private func ask(_ judge: RubricJudge?, _ results: inout RubricResults) async throws {
        let questions = results.judgeSteps()
        guard let judge else {
            for question in questions {
                results[question.place] = RubricJudge.nobody("no lane was named to judge (judge_lane)")
            }
            return
        }
        var start = 0
        while start < questions.count {
            let some = questions[start..<min(start + RubricJudge.inFlight, questions.count)]
            let answers = try await withThrowingTaskGroup(of: (RubricResults.Place, JSONValue).self) { group in
                for question in some {
                    group.addTask { (question.place, try await judge.answer(question.messages)) }
                }
                var answers: [(RubricResults.Place, JSONValue)] = []
                for try await answer in group { answers.append(answer) }
                return answers
            }
            for (place, answer) in answers { results[place] = answer }
            start += RubricJudge.inFlight
        }
    }
}

/// The steps of some items and what came of them.
struct RubricResults {
    struct Place: Hashable, Sendable {
        let item: Int
        let step: Int
    }

    struct Scorer: Hashable {
        let name: String
        let config: JSONValue
    }

    private let plans: [[RubricStep]]
    private var results: [[JSONValue]]

    init(_ plans: [[RubricStep]]) {
        self.plans = plans
        results = plans.map { $0.map { _ in JSONValue.null } }
    }

    subscript(place: Place) -> JSONValue {
        get { results[place.item][place.step] }
        set { results[place.item][place.step] = newValue }
    }

    /// For each item the results of its steps.
    var lists: [JSONValue] { results.map(JSONValue.array) }

    /// Who has to score what, in the order in which the scorers are first named.
    func scorerGroups() -> [(Scorer, [Place])] {
        var groups: [Scorer: [Place]] = [:]
        var order: [Scorer] = []
        for (item, steps) in plans.enumerated() {
            for (number, step) in steps.enumerated() {
                guard case .scorer(let name, let config, _) = step.work else { continue }
                let scorer = Scorer(name: name, config: config)
                if groups[scorer] == nil { order.append(scorer) }
                groups[scorer, default: []].append(Place(item: item, step: number))
            }
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    func references(of place: Place) -> [String]? {
        guard case .scorer(_, _, let references) = plans[place.item][place.step].work else { return nil }
        return references
    }

    func judgeSteps() -> [(place: Place, messages: JSONValue)] {
        plans.enumerated().flatMap { item, steps in
            steps.enumerated().compactMap { number, step in
                guard case .judge(let messages) = step.work else { return nil }
                return (Place(item: item, step: number), messages)
            }
        }
    }
}
