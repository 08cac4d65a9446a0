package import ArenaJSON

/// What checks are about, in the order in which they are run.
package enum CheckGroup: String, CaseIterable, Hashable, Sendable {
    case `static`, load, contract, evolution, memory, threads, cancellation
    /// What an interface promises beyond the rules of all.
    case interface
    case fuzz

    package var title: String {
        switch self {
        case .static: "files, manifest and library, without running any of its code"
        case .load: "loading leaves the process as it was"
        case .contract: "every call ends as the header says"
        case .evolution: "hosts that are older or newer"
        case .memory: "only what was lent is touched, and only during the call"
        case .threads: "several threads at once"
        case .cancellation: "a call that nobody wants ends within 200 ms"
        case .interface: "what each interface promises"
        case .fuzz: "random input from the schemas"
        }
    }
}

/// What is to be checked, and with what.
package struct CheckOptions: Sendable {
    package var groups = Set(CheckGroup.allCases)
    /// The ids of checks of other groups that are made too.
    package var names: Set<String> = []
    /// Repeats all that draws lots.
    package var seed: UInt64 = 1
    /// Of fuzzing, a kind; `nil`: as many as fit into two seconds.
    package var rounds: Int?
    /// Payloads for job kinds and requests to engines, as JSON, besides those made from the schemas.
    package var documents: [JSONValue] = []
    /// Where an input that makes the plugin fail is written.
    package var replayFolder = "."
    /// One such input: nothing else is checked.
    package var replay: JSONValue?

    package init() {}
}
