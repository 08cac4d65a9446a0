package import ArenaStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What can be said of another process.
package enum Liveness: Sendable, Hashable {
    case alive
    /// Surely dead: its number is free, or belongs to a process that began at another time.
    case dead
    /// It ran under another boot or in another pid namespace, or the system does not tell.
    case notComparable
}

/// What the system says of a process number.
package enum ProcessPresence: Sendable, Hashable {
    case absent
    case present(startTicks: UInt64)
    /// There is one, but its start time cannot be read.
    case unreadable
}

/// Looks up processes of this boot and pid namespace. Tests give one of their own.
package protocol ProcessTable: Sendable {
    func look(up pid: Int32) -> ProcessPresence
}

extension HostIdentity {
    /// Whether that host still runs, as seen from `observer`.
    package func liveness(seenFrom observer: HostIdentity, in processes: some ProcessTable) -> Liveness {
        guard !bootID.isEmpty, bootID == observer.bootID, pidNamespace != 0, pidNamespace == observer.pidNamespace
        else { return .notComparable }
        switch processes.look(up: process.pid) {
        case .absent: return .dead
        case .present(let startTicks): return startTicks == process.startTicks ? .alive : .dead
        case .unreadable: return .notComparable
        }
    }

    /// This process. Parts that the system does not tell are empty, and nothing compares with them.
    package static func current() -> HostIdentity {
        let pid = getpid()
        var status = stat()
        let namespace = stat("/proc/self/ns/pid", &status) == 0 ? UInt64(status.st_ino) : 0
        let boot = contents(of: "/proc/sys/kernel/random/boot_id").map { text in
            String(decoding: text.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
        }
        var startTicks: UInt64 = 0
        if case .present(let ticks) = LinuxProcessTable().look(up: pid) { startTicks = ticks }
        return HostIdentity(
            bootID: startTicks == 0 ? "" : boot ?? "", pidNamespace: namespace,
            process: ProcessStamp(pid: pid, startTicks: startTicks))
    }
}

/// `/proc`, which answers from memory: no call here waits for a disk.
package struct LinuxProcessTable: ProcessTable {
    package init() {}

    package func look(up pid: Int32) -> ProcessPresence {
        guard pid > 0 else { return .absent }
        // Asked first: `/proc` may hide processes of other users, and then a missing file proves nothing.
        if kill(pid, 0) != 0, errno == ESRCH { return .absent }
        guard let text = contents(of: "/proc/\(pid)/stat"), let status = ProcessStatus(text) else {
            return kill(pid, 0) != 0 && errno == ESRCH ? .absent : .unreadable
        }
        return status.hasEnded ? .absent : .present(startTicks: status.startTicks)
    }
}

/// The two fields of `/proc/<pid>/stat` that matter here.
struct ProcessStatus: Hashable {
    /// It has ended and only waits to be reaped.
    let hasEnded: Bool
    let startTicks: UInt64

    /// - Parameter text: One line; field 2 is the name in parentheses, which may hold spaces and parentheses itself.
    init?(_ text: [UInt8]) {
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[text.index(after: end)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        // Field 3, the state, comes first here; field 22 is the start time.
        guard fields.count > 19, let state = fields[0].first,
            let ticks = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        hasEnded = state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") || state == UInt8(ascii: "x")
        startTicks = ticks
    }
}

private func contents(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes.prefix(count)) : nil
}
