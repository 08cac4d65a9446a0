import ArenaConcurrency
import ArenaCore
package import ArenaJSON
import ArenaStore
import Synchronization

/// What an attempt has to say and has not written yet.
struct AttemptReport: Sendable {
    /// The longest message that is kept whole, in bytes.
    static let messageLimit = 16 << 10
    /// The most lines of one attempt.
    static let lineLimit = 10_000
    /// How often lines and progress are written.
    static let interval = Duration.milliseconds(250)

    private(set) var lines: [LogLine] = []
    private(set) var progress: JSONValue?
    private var rate = ProgressRate()
    private var lineCount = 0
    var lastWritten: Timestamp?

    var isEmpty: Bool { lines.isEmpty && progress == nil }

    mutating func add(_ line: LogLine) {
        lineCount += 1
        guard lineCount <= Self.lineLimit else { return }
        lines.append(line)
        if lineCount == Self.lineLimit {
            lines.append(
                LogLine(
                    level: 2, message: "More than \(Self.lineLimit) lines: the rest of this attempt is not kept.",
                    createdAt: line.createdAt))
        }
    }

    /// `{done, total, phase, eta_s, at, fields?}`: what is unknown is `null`, `at` is when it was so.
    mutating func setProgress(done: UInt64, total: UInt64, phase: String, fields: JSONObject, at time: Timestamp) {
        let left = rate.timeLeft(done: done, total: total, phase: phase, at: time)
        var object: JSONObject = [
            "done": .number(JSONNumber(done)), "total": total == 0 ? .null : .number(JSONNumber(total)),
            "phase": .string(phase), "eta_s": left.map { .number(JSONNumber(($0.milliseconds + 999) / 1000)) } ?? .null,
            "at": .string(time.description),
        ]
        if !fields.isEmpty { object["fields"] = .object(fields) }
        progress = .object(object)
    }

    mutating func take() -> (lines: [LogLine], progress: JSONValue?) {
        defer { (lines, progress) = ([], nil) }
        return (lines, progress)
    }
}

extension Attempt {
    /// Says how far the work is. The newest is written soon, those in between are dropped.
    ///
    /// - Parameters:
    ///   - total: 0: unknown.
    ///   - fields: An object with more.
    package func progress(done: UInt64, total: UInt64, phase: String = "", fields: JSONObject = [:]) {
        let now = clock.now()
        report { $0.setProgress(done: done, total: total, phase: phase, fields: fields, at: now) }
    }

    /// Adds a line to the job's log; one that is too long is cut.
    ///
    /// - Parameter level: 0 debug, 1 information, 2 warning, 3 error.
    package func log(level: Int, message: String, fields: JSONObject? = nil) {
        let line = LogLine(
            level: min(max(level, 0), 3), message: message.cut(toBytes: AttemptReport.messageLimit),
            fields: fields.map { .object($0) }, createdAt: clock.now())
        report { $0.add(line) }
    }

    /// Takes it down, and sees to it that it is written within the interval.
    private func report(_ change: (inout AttemptReport) -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            change(&state.report)
            guard state.reporting == nil else { return }
            let due = state.report.lastWritten.map { $0 + AttemptReport.interval }
            state.reporting = Task { await self.writeReports(from: due) }
        }
    }

    /// Writes what there is every interval, until there is nothing.
    private func writeReports(from due: Timestamp?) async {
        var due = due
        repeat {
            if let due { try? await clock.sleep(until: due) }
            let now = clock.now()
            state.withLock { $0.report.lastWritten = now }
            await writeReport()
            due = now + AttemptReport.interval
        } while state.withLock { state in
            guard state.report.isEmpty || state.isClosed else { return true }
            state.reporting = nil
            return false
        }
    }

    /// A failure is dropped: a log is not worth a job, and the lease is looked after elsewhere.
    func writeReport() async {
        let (lines, progress) = state.withLock { $0.report.take() }
        guard !lines.isEmpty || progress != nil else { return }
        if let isHeld = try? await store.report(lines, progress: progress, for: lease), !isHeld { _ = lostLease() }
    }
}

extension String {
    /// At most so many bytes, cut between characters, with an ellipsis when something was cut.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}
