import Glibc

/// One inotify descriptor and what it watches. Belongs to one thread.
struct InotifyQueue: ~Copyable {
    let descriptor: FileDescriptor
    /// By watch; two paths where a link leads to the same directory.
    private var paths: [Int32: [String]] = [:]
    private var plan = WatchPlan([])

    private static let events =
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
        | IN_MOVE_SELF

    /// - Throws: `EMFILE` where the user has no instance left, `ENOSYS` where there is no inotify.
    init() throws(SystemFailure) {
        let raw = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard raw >= 0 else { throw SystemFailure("inotify_init1", errno: errno) }
        descriptor = FileDescriptor(adopting: raw)
    }

    /// What became of events that were read.
    struct Outcome {
        /// Something that matters changed.
        var isChanged = false
        /// Directories came or went, or events were lost: watch anew.
        var needsSync = false
    }

    /// Watches exactly what the disk asks for now; repeats while directories appear under its hands.
    ///
    /// - Throws: `ENOSPC` where the user has no watch left.
    mutating func sync(_ directories: [WatchedDirectory]) throws(SystemFailure) {
        // Always at least once: a directory that was made anew has the same path and needs a new watch.
        var wanted = WatchPlan(directories)
        for _ in 0..<8 {
            try apply(wanted)
            plan = wanted
            wanted = WatchPlan(directories)
            if wanted == plan { return }
        }
    }

    private mutating func apply(_ wanted: WatchPlan) throws(SystemFailure) {
        guard wanted.interests.count <= WatchPlan.mostDirectories else {
            throw SystemFailure("inotify_add_watch", errno: ENOSPC)
        }
        var kept: [Int32: [String]] = [:]
        for path in wanted.interests.keys {
            let watch = inotify_add_watch(descriptor.raw, path, UInt32(Self.events | IN_ONLYDIR))
            if watch >= 0 {
                kept[watch, default: []].append(path)
            } else if errno == ENOSPC || errno == ENOMEM {
                throw SystemFailure("inotify_add_watch \(path)", errno: errno)
            }
        }
        for watch in paths.keys where kept[watch] == nil { inotify_rm_watch(descriptor.raw, watch) }
        paths = kept
    }

    /// Reads all pending events.
    mutating func drain() -> Outcome {
        var outcome = Outcome()
        let size = 1 << 16
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor.raw, buffer.baseAddress, size)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return outcome }
            var at = 0
            let header = MemoryLayout<inotify_event>.size
            while count - at >= header {
                let event = buffer.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
                let end = at + header + Int(event.len)
                guard end <= count else { break }
                let bytes = buffer[(at + header)..<end].prefix { $0 != 0 }
                judge(event, name: String(decoding: bytes, as: UTF8.self), &outcome)
                at = end
            }
        }
    }

    private func judge(_ event: inotify_event, name: String, _ outcome: inout Outcome) {
        let mask = event.mask
        if mask & UInt32(IN_Q_OVERFLOW) != 0 {
            outcome = Outcome(isChanged: true, needsSync: true)
            return
        }
        guard let watched = paths[event.wd] else { return }
        let interests = watched.flatMap { plan.interests[$0] ?? [] }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) != 0 {
            outcome = Outcome(isChanged: true, needsSync: true)
            return
        }
        // An empty name: the directory itself, such as its rights.
        guard name.isEmpty || interests.contains(where: { $0.includes(name) }) else { return }
        outcome.isChanged = true
        let movesDirectory = mask & UInt32(IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE) != 0
        let isAncestor = interests.contains { if case .name = $0 { true } else { false } }
        if movesDirectory, mask & UInt32(IN_ISDIR) != 0 || isAncestor { outcome.needsSync = true }
    }
}
