import ArenaCore
import Synchronization

/// How far a long piece of work has come, drawn on one line of a terminal; silent where nobody watches.
package final class ProgressBar: Sendable {
    private let console: Console
    private let width: Int
    private let state = Mutex(State())

    private struct State {
        var isDrawn = false
        var drawnAt: UInt64 = 0
        let startedAt = monotonicNanoseconds()
    }

    /// Drawing more often only makes a terminal flicker.
    private static let interval: UInt64 = 100_000_000

    package init(console: Console = .current, width: Int = 78) {
        self.console = console
        self.width = width
    }

    /// Draws the bar, at most ten times a second.
    package func update(done: Int, total: Int?, phase: String = "") {
        guard console.isWatched else { return }
        let line: String? = state.withLock { state in
            let now = monotonicNanoseconds()
            guard !state.isDrawn || now - state.drawnAt >= Self.interval || done == total else { return nil }
            state.isDrawn = true
            state.drawnAt = now
            let elapsed = Duration.nanoseconds(Int64(clamping: now - state.startedAt))
            return Self.line(done: done, total: total, phase: phase, elapsed: elapsed, width: width)
        }
        if let line { console.draw("\r\u{1B}[2K\(line)") }
    }

    /// Takes the bar away.
    package func finish() {
        let wasDrawn = state.withLock { state in
            defer { state.isDrawn = false }
            return state.isDrawn
        }
        if wasDrawn { console.draw("\r\u{1B}[2K") }
    }

    /// One line of at most `width` characters: bar, count, phase, and the time that is left if things go on as so far.
    package static func line(done: Int, total: Int?, phase: String, elapsed: Duration, width: Int) -> String {
        let seconds = Double(elapsed.milliseconds) / 1000
        guard let total, total > 0 else {
            return "\(done) done  \(clock(seconds))  \(phase.printable)".shortened(to: width)
        }
        let share = min(1, max(0, Double(done) / Double(total)))
        let cells = 24
        let filled = Int(share * Double(cells))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        let left = done > 0 && done < total ? "  \(clock(seconds / share - seconds)) left" : ""
        return "\(bar) \(Int(share * 100))%  \(done)/\(total)\(left)  \(phase.printable)".shortened(to: width)
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds.rounded()), 359_999))
        let rest = whole % 60 < 10 ? "0\(whole % 60)" : "\(whole % 60)"
        guard whole >= 3600 else { return "\(whole / 60):\(rest)" }
        let minutes = whole / 60 % 60
        return "\(whole / 3600):\(minutes < 10 ? "0" : "")\(minutes):\(rest)"
    }
}
