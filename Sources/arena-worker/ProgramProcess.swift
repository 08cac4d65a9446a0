import ArenaCore
import ArenaJSON
import ArenaPluginWire
import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A program of a plugin behind fences of its own, with pipes on its standard input and output.
///
/// It has this process's environment, process group and fences, and dies with it.
struct ProgramProcess: Sendable {
    /// What the host tells of it.
    struct Launch: Sendable {
        /// The file that is executed.
        let path: String
        /// As the program sees them, its own name first.
        let arguments: [String]
        /// Its working directory.
        let folder: String
        /// The files that may be executed: this one and what loads it.
        let executables: [String]

        init?(_ json: JSONValue) {
            func texts(_ key: String) -> [String]? { json[key]?.array?.compactMap(\.string) }
            guard let path = json["path"]?.string, let arguments = texts("arguments"), !arguments.isEmpty,
                let folder = json["folder"]?.string, let executables = texts("executables"), !executables.isEmpty
            else { return nil }
            self.path = path
            self.arguments = arguments
            self.folder = folder
            self.executables = executables
        }
    }

    let pid: Int32
    /// Written to; does not block.
    let input: Int32
    /// Read from; does not block.
    let output: Int32
    /// How its fences went up.
    let fences: Ready.Fences

    /// Puts this process in and starts the program behind the same fences; the two differ in that the program may be
    /// executed. Only for a process with one thread and without fences.
    ///
    /// - Throws: `exec.not_started`.
    static func launch(_ launch: Launch, _ sandbox: Hello.Sandbox) throws(Failure) -> ProgramProcess {
        var fences = Fences.putUpAllButFilter(sandbox, executables: launch.executables)
        var input: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        var report: [Int32] = [-1, -1]
        var error = arena_linux_pipe(&input)
        if error == 0 { error = arena_linux_pipe(&output) }
        if error == 0 { error = arena_linux_pipe(&report) }
        let pid = error == 0 ? arena_linux_fork() : -error
        if pid == 0 { become(launch, sandbox, fences, input: input[0], output: output[1], report: report[1]) }
        guard pid > 0 else { throw notStarted(launch, -pid) }
        close(input[0])
        close(output[1])
        close(report[1])
        let lines = read(report[0]).split(separator: UInt8(ascii: "\n"))
        close(report[0])
        if lines.count > 1, let errno = Int32(String(decoding: lines[1], as: UTF8.self)) {
            throw notStarted(launch, errno)
        }
        guard let first = lines.first, let ready = try? Ready(JSONValue(parsing: Array(first))) else {
            throw notStarted(launch, ECHILD)
        }
        Fences.putUpFilter(sandbox, mayExecute: false, in: &fences)
        _ = arena_linux_set_nonblocking(input[1], 1)
        _ = arena_linux_set_nonblocking(output[0], 1)
        return ProgramProcess(pid: pid, input: input[1], output: output[0], fences: ready.fences)
    }

    /// In the new process: puts itself in and becomes the program. What it wrote to `report` ends there.
    private static func become(
        _ launch: Launch, _ sandbox: Hello.Sandbox, _ common: Ready.Fences, input: Int32, output: Int32, report: Int32
    ) -> Never {
        _ = arena_linux_die_with_parent()
        var error: Int32 = chdir(launch.folder) == 0 ? 0 : errno
        var fences = common
        Fences.putUpFilter(sandbox, mayExecute: true, in: &fences)
        let entry = Ready.Entry(id: "", version: "", abiMajor: 0, abiMinor: 0)
        send(Ready(nonce: "", entry: entry, fences: fences).json.text() + "\n", to: report)
        if error == 0 {
            var arguments = launch.arguments.map { strdup($0) } + [nil]
            error = arena_linux_execute(launch.path, &arguments, input, output)
        }
        send("\(error)\n", to: report)
        _exit(ExitStatus.refused)
    }

    private static func notStarted(_ launch: Launch, _ error: Int32) -> Failure {
        Failure(
            code: "exec.not_started", category: .failedPrecondition,
            message: "The program \(launch.path) cannot be started: \(String(cString: strerror(error))).",
            hint: error == EACCES || error == ENOEXEC
                ? "Make it executable (chmod +x), and begin a script with #! and its interpreter. "
                    + "A program may start no other."
                : "Check `command` in the manifest.")
    }

    private static func send(_ text: String, to descriptor: Int32) {
        _ = text.utf8CString.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count - 1) }
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count < 64 << 10 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Closes its input, by which it ends, and gives it a moment.
    func dismiss() {
        close(input)
        for _ in 0..<20 {
            if arena_linux_look(pid) != Int32.min { return }
            _ = poll(nil, 0, 10)
        }
    }

    /// Ends this process as the program has ended, or ends, so that the host sees the same: a status or a signal.
    func follow() -> Never {
        let end = arena_linux_wait(pid)
        if end < 0 { arena_linux_end_by(-end) }
        _exit(end)
    }
}
