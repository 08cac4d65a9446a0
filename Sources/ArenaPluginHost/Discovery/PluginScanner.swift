package import ArenaCore
import Glibc
import Synchronization

/// Looks through the plugin directories and judges what is there, running none of it.
///
/// Keep one value and scan again on each change: what has not changed is not read again. All functions block; any
/// thread may call them, one scan runs at a time.
package final class PluginScanner: Sendable {
    private struct Memory {
        var seen: [String: (listing: FolderListing, candidate: PluginCandidate)] = [:]
        var settling = Settling()
    }

    /// In order of precedence.
    package let directories: [PluginDirectory]
    private let limits: PluginLimits
    private let digests: FileDigestCache
    private let user: UInt32
    private let groups: @Sendable () -> any GroupDirectory
    private let clock: any WallClock
    private let monotonic: @Sendable () -> UInt64
    private let memory = Mutex(Memory())

    /// - Parameters:
    ///   - directories: In order of precedence; bundled first.
    ///   - user: Whose files are trusted, besides root's.
    ///   - groups: Makes the lookup of group members, once for each scan.
    package init(
        directories: [PluginDirectory],
        limits: PluginLimits = PluginLimits(),
        digests: FileDigestCache = FileDigestCache(),
        user: UInt32 = geteuid(),
        groups: @escaping @Sendable () -> any GroupDirectory = { SystemGroups() },
        clock: any WallClock = SystemClock(),
        monotonic: @escaping @Sendable () -> UInt64 = monotonicNanoseconds
    ) {
        self.directories = directories
        self.limits = limits
        self.digests = digests
        self.user = user
        self.groups = groups
        self.clock = clock
        self.monotonic = monotonic
    }

    /// Looks at every directory.
    package func scan() -> PluginScan {
        let groups = groups()
        return memory.withLock { memory in
            var result = PluginScan(candidates: [], problems: [])
            for directory in directories {
                do throws(PluginError) {
                    result.candidates += try scan(directory, groups, &memory)
                } catch {
                    result.problems.append(PluginDirectoryProblem(directory: directory, error: error))
                }
            }
            let paths = Set(result.candidates.map(\.location.path))
            memory.seen = memory.seen.filter { paths.contains($0.key) }
            memory.settling.keepOnly(paths)
            result.candidates = refuseSecondClaims(result.candidates)
            return result
        }
    }

    /// Judges one folder or library anywhere, by the rules for configured directories.
    package func examine(path: String) -> PluginCandidate {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let slash = trimmed.lastIndex(of: "/")
        let parent = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
        let name = slash.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
        let location = PluginLocation(directory: PluginDirectory(path: parent, origin: .configured), name: name)
        let reader = reader(for: location.directory, groups())
        return memory.withLock { memory in
            do throws(PluginError) {
                guard let directory = try? FileDescriptor.directory(parent) else { throw .absent(location.path) }
                guard try exists(name, in: directory) else { throw .absent(location.path) }
                return try judge(location, in: directory, reader, &memory)
                    ?? PluginCandidate(location: location, rejecting: .noPlugin(location.path))
            } catch {
                return PluginCandidate(location: location, rejecting: error)
            }
        }
    }

    private func exists(_ name: String, in directory: borrowing FileDescriptor) throws(PluginError) -> Bool {
        do throws(SystemFailure) {
            _ = try directory.status(of: name)
            return true
        } catch {
            guard error.errno == ENOENT else { throw error.whileReading(name) }
            return false
        }
    }

    private func reader(for directory: PluginDirectory, _ groups: any GroupDirectory) -> PluginReader {
        let rule =
            switch directory.origin {
            case .bundled(let owner), .bundledFolders(let owner), .bundledRubrics(let owner):
                OwnershipRule(ownerOfExecutable: owner, groups: groups)
            case .home, .configured, .homeRubrics: OwnershipRule(user: user, groups: groups)
            }
        return PluginReader(rule: rule, limits: limits, digests: digests)
    }

    private func scan(
        _ directory: PluginDirectory, _ groups: any GroupDirectory, _ memory: inout Memory
    ) throws(PluginError) -> [PluginCandidate] {
        let reader = reader(for: directory, groups)
        guard let open = try open(directory) else { return [] }
        let status = try reading(directory.path) { () throws(SystemFailure) in try open.status() }
        try reader.rule.check(status, path: directory.path)
        var candidates: [PluginCandidate] = []
        if directory.holdsRubrics {
            let names = try reading(directory.path) { () throws(SystemFailure) in try open.names() }
            // A folder that waits for its first rubric is no plugin yet.
            guard names.contains(where: { $0?.hasPrefix(".") != true }) else { return [] }
            let location = PluginLocation(directory: directory, name: PluginLocation.itself)
            do throws(PluginError) {
                return try judge(location, in: open, reader, &memory).map { [$0] } ?? []
            } catch {
                return [PluginCandidate(location: location, rejecting: error)]
            }
        }
        for name in try reading(directory.path, { () throws(SystemFailure) in try open.names() }) {
            guard let name, FileName.isAcceptable(name) else {
                if directory.isBundled { continue }
                let location = PluginLocation(directory: directory, name: "(unreadable name)")
                let error = FileName.error(in: directory.path)
                candidates.append(PluginCandidate(location: location, rejecting: error))
                continue
            }
            guard !name.hasPrefix(".") else { continue }
            if case .bundled = directory.origin, !PluginReader.isLibraryName(name) { continue }
            let location = PluginLocation(directory: directory, name: name)
            do throws(PluginError) {
                if let found = try judge(location, in: open, reader, &memory) { candidates.append(found) }
            } catch {
                candidates.append(PluginCandidate(location: location, rejecting: error))
            }
        }
        return candidates
    }

    /// `nil` for a home directory that does not exist yet.
    private func open(_ directory: PluginDirectory) throws(PluginError) -> FileDescriptor? {
        do throws(SystemFailure) {
            return try FileDescriptor.directory(directory.path)
        } catch {
            if error.errno == ENOENT, directory.origin == .home || directory.holdsRubrics { return nil }
            throw PluginError(
                .unreadable, "The plugin directory \(directory.path) cannot be opened: \(error.text).",
                hint: "Create it, or take it out of plugins.directories in arena.yaml.")
        }
    }

    /// `nil` for what is no business of Arena's: a library without a manifest beside the executable.
    private func judge(
        _ location: PluginLocation, in directory: borrowing FileDescriptor, _ reader: PluginReader,
        _ memory: inout Memory
    ) throws(PluginError) -> PluginCandidate? {
        let path = location.path
        let known = memory.seen[path]
        let listing = try reader.list(location, in: directory)
        guard let listing else { return nil }
        if let known, known.listing == listing { return known.candidate }
        let remaining = memory.settling.remaining(for: path, listing, now: clock.now(), monotonic: monotonic())
        if let remaining {
            return PluginCandidate(location: location, id: known?.candidate.id, outcome: .settling(remaining))
        }
        guard let candidate = try reader.judge(location, listing, in: directory) else { return nil }
        if case .settling = candidate.outcome {
            return PluginCandidate(location: location, id: known?.candidate.id, outcome: candidate.outcome)
        }
        memory.seen[path] = (listing, candidate)
        return candidate
    }

    private func refuseSecondClaims(_ candidates: [PluginCandidate]) -> [PluginCandidate] {
        var owners: [String: String] = [:]
        return candidates.map { candidate in
            guard let id = candidate.id, candidate.error == nil else { return candidate }
            guard let first = owners[id] else {
                owners[id] = candidate.location.path
                return candidate
            }
            let error = PluginError(
                .duplicateID, "The plugin id \(id) of \(candidate.location.path) is already taken by \(first).",
                hint: "Write another `id` into the manifest of \(candidate.location.path), or remove one of the two.")
            return PluginCandidate(location: candidate.location, id: id, rejecting: error)
        }
    }
}
