import ArenaCore
import ArenaStore
import ArgumentParser

/// `--status`, which may be given several times or with commas between.
enum JobStatusOption {
    /// What was given; all of `allowed` when nothing was.
    static func statuses(_ given: [String], among allowed: [JobStatus]) throws(Failure) -> Set<JobStatus> {
        var statuses: Set<JobStatus> = []
        for name in given.flatMap({ $0.split(separator: ",").map(String.init) }) {
            guard let status = JobStatus(rawValue: name), allowed.contains(status) else {
                let known = JobStatus(rawValue: name) != nil
                throw Failure.badOption(
                    known
                        ? "--status \(name) cannot be asked for here."
                        : "--status: there is no job status \"\(name)\".",
                    hint: "There are: \(allowed.map(\.rawValue).joined(separator: ", ")).")
            }
            statuses.insert(status)
        }
        return statuses.isEmpty ? Set(allowed) : statuses
    }
}

extension CompletionKind {
    static func statuses(_ statuses: [JobStatus]) -> Self { .list(statuses.map(\.rawValue)) }
}

extension [JobStatus] {
    static var ends: Self { JobStatus.allCases.filter(\.isFinal) }
    /// Ends without success.
    static var dead: Self { [.failed, .skipped] }
}
