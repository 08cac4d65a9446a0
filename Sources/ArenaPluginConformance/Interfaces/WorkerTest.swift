import ArenaPluginHost

/// A test of what an interface alone promises, which `arena-worker` makes in a child of its own.
struct WorkerTest: Sendable {
    /// As the worker knows it.
    let name: String
    /// What a crash or a hang in it breaks.
    let rule: String
    let title: String

    private init(_ name: String, _ rule: String, _ title: String) {
        self.name = name
        self.rule = rule
        self.title = title
    }

    func check(of kind: ProvidedKind, _ subject: ExaminedPlugin) -> PlannedCheck {
        InterfaceCheck.check(kind, name, title) {
            let verdict = try await verdict(on: kind, subject)
            // What is late once may be the machine's fault.
            let isLate = verdict.status == .fail && ["CALL-2", "CALL-3"].contains(verdict.rule)
            return isLate ? try await self.verdict(on: kind, subject) : verdict
        }
    }

    private func verdict(on kind: ProvidedKind, _ subject: ExaminedPlugin) async throws -> Verdict {
        try await subject.conformance(
            name, TestMaterial(kind: kind, subject: subject).json, for: kind, rule: rule, services: [])
    }

    /// A codec writes requests and reads answers, whatever they are and however they are cut.
    static let laneCodec = [
        WorkerTest(
            "requests", "CODEC-9", "requests have their form, whatever is asked, and hold what nobody here knows"),
        WorkerTest("dialogues", "CODEC-5", "operations other than answers end, and identifying a server only reads"),
        WorkerTest("splits", "CODEC-4", "an answer cut at any byte gives what it gives whole"),
        WorkerTest("endings", "CODEC-12", "an answer that ends in the middle is a failure"),
        WorkerTest("damage", "CODEC-7", "failures of a server, noise and answers without end are failures"),
        WorkerTest("objects", "CODEC-11", "codecs and decoders do not disturb each other"),
    ]

    /// A rubric names its checks, plans steps and makes one score of their results.
    static let rubric = [
        WorkerTest("description", "RUB-2", "every check is named once, with its weight and the reason for it"),
        WorkerTest("steps", "RUB-3", "plans ask only for what is described, with finite weights"),
        WorkerTest("scores", "RUB-4", "totals are between 0 and 1, and every check is named once"),
        WorkerTest("missing", "RUB-4", "what nobody could be asked is left out"),
        WorkerTest("strange", "RUB-4", "results that are no numbers, or of another plan, leave the total in its range"),
        WorkerTest("same", "RUB-5", "the same item and results give the same score"),
        WorkerTest("documents", "RUB-6", "documents that are no rubrics are refused, with line and column"),
    ]

    /// An exporter writes whatever rows there are, or nothing.
    static let exporter = [
        WorkerTest("sizes", "EXP-5", "no rows, one and some are exported, and every file is ended once"),
        WorkerTest("many", "EXP-5", "many rows are exported in constant memory"),
        WorkerTest(
            "rows", "EXP-7", "members that are missing or null are exported; rows that no host gives do no harm"),
        WorkerTest("refusals", "SVC-1", "it ends when any function of the reader or the writer refuses"),
        WorkerTest("same", "EXP-6", "equal rows give equal files, however they are cut into pages"),
        WorkerTest("abort", "CALL-3", "it can be given up in the middle"),
    ]

    /// An aggregate makes one figure of a run.
    static let aggregate = [
        WorkerTest("split", "AGG-1", "the split of the items over calls does not matter"),
        WorkerTest("same", "AGG-3", "the same items give the same figure"),
        WorkerTest("empty", "AGG-2", "a run without items has a result, and can be given back unfinished"),
        WorkerTest("odd", "AGG-2", "values that no scorer gives leave the figure a number or null"),
    ]
}
