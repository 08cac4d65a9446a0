import ArenaJSON
import ArenaPluginKit

/// An answer, on its way to the scorer.
struct Answer {
    var question: Question
    var content: String
    var reply: JSONValue
    /// When it came, in nanoseconds of CLOCK_MONOTONIC.
    var receivedAt: UInt64
}

/// One attempt of a run. A single thread keeps questions in flight, has finished answers scored in batches, and seals
/// what is scored: each step of its loop takes what is ready and waits only when nothing else is to be done.
struct Evaluation {
    let runID: String
    let request: EvalRequest
    let bench: Bench
    let itemCount: Int
    let call: PluginCall
    let lanes: LanesService
    let scoring: ScoringService
    let job: JobService
    let clock: ClockService

    var checkpoint: Checkpoint
    private var commits: UInt64
    private var source: QuestionSource
    private var sourceIsEmpty = false
    private var nextTag: UInt64 = 1
    private var asked: [UInt64: Question] = [:]
    private var answered: [Answer] = []
    private var judged: [UInt64: [Answer]] = [:]
    private var uncommitted = 0
    private var committedAt: UInt64
    /// Why the run will end when what is in hand is sealed.
    private var ending: PluginError?
    /// The first failure of a question, for a run in which nothing could be scored.
    private var firstFailure: PluginError?
    /// Why the scorer could not judge the first item that it refused.
    private var firstRefusal: String?

    /// Answers that are scored in one request, and that are sealed in one commit.
    static let batch = 16
    /// A batch is closed early when its answers are so long; UTF-8 bytes.
    static let batchBytes = 1 << 20
    /// How long an answer waits for others to be scored with, and a score for its commit; nanoseconds.
    static let batchDelay: UInt64 = 200_000_000
    static let commitDelay: UInt64 = 1_000_000_000

    init(
        _ start: JobStart, _ request: EvalRequest, _ call: PluginCall, _ services: Services
    ) throws(PluginError) {
        self.call = call
        self.request = request
        lanes = try services.lanes()
        scoring = try services.scoring()
        job = try services.job()
        clock = try services.clock()
        let views = try services.views()
        runID = "er-\(start.jobID)"
        bench = try Bench(request.benchID, views)
        itemCount = min(request.limit ?? .max, bench.itemCount)
        checkpoint =
            try start.checkpoint.isEmpty
            ? Checkpoint(benchSHA256: bench.sha256, startedAt: clock.unixMilliseconds())
            : Checkpoint(start.checkpoint)
        guard checkpoint.benchSHA256 == bench.sha256 else {
            throw PluginError(
                .failedPrecondition, code: "eval_rerun.bench_changed",
                "The bench \(bench.id) was changed since the run began.", hint: "Run it again.", retry: false)
        }
        commits = start.commits
        source = QuestionSource(bench, request, itemCount: itemCount, views)
        committedAt = try clock.monotonicNanoseconds()
        if checkpoint.finishedAt == nil {
            call.progress(checkpoint.done.count, of: itemCount * request.repeats, phase: "checking the lane")
            try checkHealth(of: request.laneID, lanes, call, wasReached: start.attempt > 1)
            if let rubric = request.rubricRequest { try checkRubric(rubric, scoring, call) }
        }
    }

    /// Runs to the end, or throws with everything sealed that is finished.
    mutating func run() throws(PluginError) -> JSONValue {
        while checkpoint.finishedAt == nil {
            try call.checkCancellation()
            try ask()
            try submitBatch()
            if asked.isEmpty, judged.isEmpty, answered.isEmpty { break }
            try collectScores()
            try collectAnswers()
            try commit(onlyIfDue: true)
        }
        if let ending {
            try commit(onlyIfDue: false)
            throw ending
        }
        return try finish()
    }

    // MARK: Asking

    private mutating func ask() throws(PluginError) {
        while ending == nil, !sourceIsEmpty, asked.count < request.inFlight, answered.count + unjudged < 512 {
            guard let question = try source.next(except: checkpoint.done) else {
                sourceIsEmpty = true
                return
            }
            do throws(PluginError) {
                try lanes.submit(nextTag, chat(question))
                asked[nextTag] = question
                nextTag += 1
            } catch {
                try end(with: error)
            }
        }
    }

    private var unjudged: Int { judged.values.reduce(0) { $0 + $1.count } }

    private func chat(_ question: Question) -> JSONValue {
        [
            "lane": .string(request.laneID), "op": "chat", "stream": false,
            "timeout_ms": JSONValue(request.itemTimeoutMilliseconds),
            "request": [
                "messages": question.item.messages,
                "max_tokens": JSONValue(request.maxTokens ?? bench.maxTokens),
                "temperature": JSONValue(request.temperature),
                "seed": JSONValue(1 + question.repeatNumber),
            ],
        ]
    }

    /// Takes the answers that are there; waits for one if there is nothing else to do.
    private mutating func collectAnswers() throws(PluginError) {
        var wait: UInt64 = judged.isEmpty ? 80 : 10
        while !asked.isEmpty, let completion = try lanes.next(within: wait) {
            wait = 0
            switch completion {
            case .delta: break
            case .done(let tag, let reply):
                guard let question = asked.removeValue(forKey: tag) else { break }
                checkpoint.model = checkpoint.model ?? reply["model"]?.string
                answered.append(
                    Answer(
                        question: question, content: reply["content"]?.string ?? "", reply: reply,
                        receivedAt: try clock.monotonicNanoseconds()))
            case .failed(let tag, let error):
                guard let question = asked.removeValue(forKey: tag) else { break }
                try fail(question, error)
            }
            if asked.count < request.inFlight / 2 { return }  // ask on before taking the rest
        }
    }

    private mutating func fail(_ question: Question, _ error: PluginError) throws(PluginError) {
        if ending != nil, error.status == .cancelled { return }  // given up by `end`: asked again by the next attempt
        switch LaneFailure(error, lane: request.laneID) {
        case .lane(let error):
            try end(with: error)
        case .item(let reason):
            firstFailure = firstFailure ?? error
            try record(question, .infrastructure, failureRecord(question, reason, error), reason: reason.name)
        }
    }

    /// Asks no more. What is answered is still scored and sealed.
    private mutating func end(with error: PluginError) throws(PluginError) {
        guard ending == nil else { return }
        ending = error
        for tag in asked.keys { try lanes.abort(tag) }
    }

    // MARK: Scoring

    private mutating func submitBatch() throws(PluginError) {
        guard let oldest = answered.first else { return }
        let waited = try clock.monotonicNanoseconds() - oldest.receivedAt
        guard answered.count >= Self.batch || asked.isEmpty || waited >= Self.batchDelay else { return }
        var batch: [Answer] = []
        var bytes = 0
        while let answer = answered.first, batch.count < Self.batch, batch.isEmpty || bytes < Self.batchBytes {
            batch.append(answered.removeFirst())
            bytes += answer.content.utf8.count
        }
        do throws(PluginError) {
            try scoring.submit(nextTag, scorer: scorer, config: scorerConfig, batch.map(\.scoreItem))
        } catch {
            throw scoringFailure(error)
        }
        judged[nextTag] = batch
        nextTag += 1
    }

    var scorer: String { request.rubricRequest?.scorer ?? request.scorer ?? bench.scorer }

    private var scorerConfig: JSONValue {
        if let rubric = request.rubricRequest { return rubric.config }
        return request.scorerConfig
            ?? (request.scorer == nil || request.scorer == bench.scorer ? bench.scorerConfig : [:])
    }

    /// Takes the scores that are there; waits for one if no question is open either.
    private mutating func collectScores() throws(PluginError) {
        var wait: UInt64 = asked.isEmpty ? 80 : 0
        while !judged.isEmpty, let completion = try scoring.next(within: wait) {
            wait = 0
            switch completion {
            case .delta: break
            case .done(let tag, let verdict):
                guard let batch = judged.removeValue(forKey: tag) else { break }
                checkpoint.scorer = checkpoint.scorer ?? verdict["scorer"]
                checkpoint.rubric = checkpoint.rubric ?? verdict["rubric"]
                for (index, answer) in batch.enumerated() { try record(answer, verdict["scores"]?[index] ?? .null) }
            case .failed(_, let error):
                throw scoringFailure(error)
            }
        }
    }

    private func scoringFailure(_ error: PluginError) -> PluginError {
        guard error.status == .notFound else { return error }
        return PluginError(
            .notFound, code: "eval_rerun.unknown_scorer", "There is no scorer named \(scorer) that is ready.",
            hint: error.hint ?? "`arena plugin list` shows the scorers and why one is not ready.", retry: false)
    }

    private mutating func record(_ answer: Answer, _ score: JSONValue) throws(PluginError) {
        let judgement = Judgement(score)
        if judgement.isRefused { firstRefusal = firstRefusal ?? judgement.explanation }
        let row = scoreRecord(answer, judgement)
        try record(answer.question, judgement.outcome, row, reason: judgement.reason)
    }

    // MARK: Sealing

    private mutating func record(
        _ question: Question, _ outcome: Tally.Outcome, _ row: JSONValue, reason: String
    ) throws(PluginError) {
        try job.put("eval_score/1", key: "\(question.itemNumber).\(question.repeatNumber)", row)
        checkpoint.done.insert(question.number)
        checkpoint.tally.add(outcome, reason: reason, item: question.itemNumber, repeats: request.repeats)
        uncommitted += 1
        reportProgress()
    }

    private mutating func commit(onlyIfDue: Bool) throws(PluginError) {
        guard uncommitted > 0 else { return }
        let now = try clock.monotonicNanoseconds()
        guard !onlyIfDue || uncommitted >= Self.batch || now - committedAt >= Self.commitDelay else { return }
        try seal(at: now)
    }

    private mutating func seal(at now: UInt64) throws(PluginError) {
        try job.commit(checkpoint.bytes, commits: &commits)
        uncommitted = 0
        committedAt = now
    }

    /// The last commit: the row of the run itself, and that it is finished, so that an attempt which only has to return
    /// the result gives the same one.
    private mutating func finish() throws(PluginError) -> JSONValue {
        let tally = checkpoint.tally
        let refused = tally.reasons[Judgement.refused] ?? 0
        if tally.scored == 0, tally.skipped == refused, tally.infrastructure + refused > 0 {
            throw refused > 0 ? nothingJudged(refused) : nothingScored(tally.infrastructure)
        }
        if checkpoint.finishedAt == nil {
            checkpoint.finishedAt = try clock.unixMilliseconds()
            try job.put("eval_run/1", key: runID, runRecord())
            try seal(at: clock.monotonicNanoseconds())
        }
        reportProgress()
        return result()
    }

    private func nothingScored(_ count: Int) -> PluginError {
        let reason = firstFailure.map { " The first one: \($0.message)" } ?? ""
        return PluginError(
            .failedPrecondition, code: "eval_rerun.nothing_scored",
            "None of \(count) questions to the lane \(request.laneID) was answered.\(reason)",
            hint: firstFailure?.hint, retry: false)
    }

    private func nothingJudged(_ count: Int) -> PluginError {
        let reason = firstRefusal.map { $0.isEmpty ? "" : " The first one: \($0)" } ?? ""
        let cure =
            scorer == bench.scorer
            ? "Mend the references of the bench, or take another scorer."
            : "Take another scorer: the bench itself names \(bench.scorer)."
        return PluginError(
            .failedPrecondition, code: "eval_rerun.nothing_judged",
            "\(scorer) cannot judge \(count) of \(itemCount * request.repeats) answers, and no other was scored."
                + reason,
            hint: cure, retry: false)
    }

    private func reportProgress() {
        let tally = checkpoint.tally
        var fields: JSONObject = [
            "n_scored": JSONValue(tally.scored), "n_passed": JSONValue(tally.passed),
            "n_infrastructure": JSONValue(tally.infrastructure), "n_skipped": JSONValue(tally.skipped),
            "in_flight": JSONValue(asked.count),
        ]
        fields["mean_normalized"] = tally.mean.map { JSONValue($0) }
        call.progress(
            checkpoint.done.count, of: itemCount * request.repeats, phase: ending == nil ? "scoring" : "stopping",
            fields: fields)
    }
}
