import Glibc

/// A number that changes when anything in watched directories does: for machines where inotify is refused.
enum TreeFingerprint {
    /// Looks at the status of each file. Blocks.
    static func take(_ directories: [WatchedDirectory]) -> Int {
        var hasher = Hasher()
        for directory in directories {
            hasher.combine(directory.path)
            guard let open = try? FileDescriptor.directory(directory.path) else { continue }
            let interest = interest(of: directory.depth)
            // For one file what happens beside it is no change.
            if directory.depth == .tree || directory.depth == .librariesOnly { hasher.combine(try? open.status()) }
            add(open, interest, &hasher)
        }
        return hasher.finalize()
    }

    private static func interest(of depth: WatchedDirectory.Depth) -> WatchPlan.Interest {
        switch depth {
        case .tree: .visibleNames
        case .librariesOnly: .libraries
        case .only(let name): .name(name)
        }
    }

    private static func add(
        _ folder: borrowing FileDescriptor, _ interest: WatchPlan.Interest, _ hasher: inout Hasher
    ) {
        for case let name? in (try? folder.names()) ?? [] where interest.includes(name) {
            guard let status = try? folder.status(of: name) else { continue }
            hasher.combine(name)
            hasher.combine(status)
            guard status.kind == .directory, interest == .visibleNames || interest == .everything,
                let child = try? folder.open(name, O_RDONLY | O_DIRECTORY)
            else { continue }
            add(child, .everything, &hasher)
        }
    }
}
