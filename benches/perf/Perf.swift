import ArenaCore
import Glibc

/// Measures what Arena promises to be fast at: one JSON line per figure, each beside its baseline from the same run.
///
/// Arguments are the groups to measure, all of them by default. docs/PERFORMANCE.md says what the figures mean.
@main
struct Perf {
    private static let groups: [(name: String, measure: @Sendable (Workbench) async throws -> Void)] = [
        ("dispatch", DispatchFigures.measure),
        ("function", FunctionFigures.measure),
        ("child", ChildPathFigures.measure),
        ("worker", WorkerFigures.measure),
        ("server", ServerFigures.measure),
        ("lane", LaneFigures.measure),
        ("list", ListFigures.measure),
        ("jobs", JobFigures.measure),
        ("queue", QueueFigures.measure),
    ]

    static func main() async {
        let chosen = Array(CommandLine.arguments.dropFirst())
        let unknown = chosen.filter { name in !groups.contains { $0.name == name } }
        guard unknown.isEmpty else {
            complain("There is no group \(unknown.joined(separator: ", ")). There are: \(groups.map(\.name)).")
            exit(2)
        }
        signal(SIGPIPE, SIG_IGN)
        do {
            let bench = try Workbench()
            defer { bench.clear() }
            var failed = false
            for group in groups where chosen.isEmpty || chosen.contains(group.name) {
                do { try await group.measure(bench) } catch {
                    failed = true
                    complain("\(group.name): \((error as? any ArenaError)?.message ?? "\(error)")")
                }
            }
            if failed {
                bench.clear()
                exit(1)
            }
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func complain(_ text: String) {
        let line = "perf: \(text)\n"
        _ = line.withCString { write(2, $0, strlen($0)) }
    }
}
