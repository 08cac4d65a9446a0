import ArenaCore
import Glibc

/// One `arena up`, from its start until it is told to end.
struct ServerRun {
    let process: pid_t
    let port: UInt16
    /// From the spawn to the first answer of /healthz.
    let aliveMilliseconds: Double
    private let watch: Stopwatch

    init(_ bench: Workbench, home: String) async throws {
        port = UInt16.random(in: 20_000...30_000)
        watch = Stopwatch()
        guard
            let process = Workbench.start(
                bench.binaries + "/arena", ["up", "--home", home, "--port", "\(port)"])
        else { throw Workbench.Failure(description: "`arena up` cannot be started.") }
        self.process = process
        while !Self.answers(port) {
            guard waitpid(process, nil, WNOHANG) == 0, watch.milliseconds < 10_000 else {
                kill(process, SIGKILL)
                throw Workbench.Failure(description: "`arena up` does not answer.")
            }
            usleep(500)
        }
        aliveMilliseconds = watch.milliseconds
    }

    /// Waits until it uses no more processor time: every plugin is looked at. Returns when that was.
    func untilQuiet() async throws -> Double {
        var quietSince = watch.milliseconds
        var before = activity
        while watch.milliseconds - quietSince < 500, watch.milliseconds < 30_000 {
            try await Task.sleep(for: .milliseconds(20))
            let now = activity
            if now != before {
                quietSince = watch.milliseconds
                before = now
            }
        }
        return quietSince
    }

    func end() {
        kill(process, SIGTERM)
        for _ in 0..<300 {
            if waitpid(process, nil, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    var children: [pid_t] {
        let tasks = "/proc/\(process)/task"
        guard let folder = opendir(tasks) else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let text = Self.read("\(tasks)/\(name)/children") else { continue }
            found += text.split(separator: " ").compactMap { pid_t($0) }
        }
        return found
    }

    /// Megabytes that belong to a process, with its part of what it shares.
    static func pss(of process: pid_t) -> Double? {
        guard let text = read("/proc/\(process)/smaps_rollup") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 / 1e6 }
        }
        return nil
    }

    /// What changes while plugins are being probed: the children.
    private var activity: [pid_t] { children.sorted() }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    private static func answers(_ port: UInt16) -> Bool {
        guard let connection = LoopbackConnection(port), connection.ask("/healthz") else { return false }
        return connection.readAnswer() != nil
    }
}
