package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// Counts the words of a text, line by line, and seals after each line how far it is, so that an attempt that is killed
/// goes on where the last commit left it. Replace what `run` does with a line.
package struct WordCount: JobKind {
    /// What is sealed with every commit.
    private struct Progress {
        var lines = 0
        var words = 0
    }

    private let lines: [Substring]
    private var done = Progress()
    private var commits: UInt64

    package init(_ start: JobStart) throws(PluginError) {
        lines = (start.payload["text"]?.string ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        commits = start.commits
        guard !start.checkpoint.isEmpty else { return }
        guard let saved = try? JSONValue(parsing: start.checkpoint), let lines = saved["lines"]?.int,
            let words = saved["words"]?.int
        else {
            throw PluginError(.dataLoss, code: "{{id}}.checkpoint", "The checkpoint cannot be read.")
        }
        done = Progress(lines: lines, words: words)
    }

    package mutating func run(_ call: PluginCall, _ services: Services) throws(PluginError) -> JSONValue {
        let job = try services.job()
        for line in lines.dropFirst(done.lines) {
            try call.checkCancellation()
            done.words += Self.words(in: line)
            done.lines += 1
            try job.commit(result.bytes(), commits: &commits)
            call.progress(done.lines, of: lines.count, phase: "counting")
        }
        return result
    }

    package static func words(in line: Substring) -> Int { line.split(separator: " ").count }

    private var result: JSONValue { ["lines": JSONValue(done.lines), "words": JSONValue(done.words)] }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.jobKind("{{id}}", WordCount.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
