import Glibc

/// Which directories to watch now, and what counts as a change in each.
///
/// For a directory that does not exist the nearest existing one above is watched for the name that is missing.
struct WatchPlan: Equatable {
    enum Interest: Hashable {
        case everything
        /// The top of a tree: all but hidden names.
        case visibleNames
        case libraries
        case name(String)

        func includes(_ name: String) -> Bool {
            switch self {
            case .everything: true
            case .visibleNames: !name.hasPrefix(".")
            case .libraries: PluginReader.isLibraryName(name)
            case .name(let wanted): name == wanted
            }
        }
    }

    private(set) var interests: [String: Set<Interest>] = [:]

    /// More directories than this are not watched one by one.
    static let mostDirectories = 8192

    /// Looks at the disk. Blocks.
    init(_ directories: [WatchedDirectory]) {
        for directory in directories {
            guard let open = try? FileDescriptor.directory(directory.path) else {
                addAncestor(of: directory.path)
                continue
            }
            switch directory.depth {
            case .librariesOnly: interests[directory.path, default: []].insert(.libraries)
            case .only(let name): interests[directory.path, default: []].insert(.name(name))
            case .tree: addTree(open, directory.path, .visibleNames)
            }
        }
    }

    private mutating func addTree(_ folder: borrowing FileDescriptor, _ path: String, _ interest: Interest) {
        guard interests.count <= Self.mostDirectories else { return }
        interests[path, default: []].insert(interest)
        for case let name? in (try? folder.names()) ?? [] where interest.includes(name) {
            guard (try? folder.status(of: name))?.kind == .directory,
                let child = try? folder.open(name, O_RDONLY | O_DIRECTORY)
            else { continue }
            addTree(child, "\(path)/\(name)", .everything)
        }
    }

    private mutating func addAncestor(of path: String) {
        var missing = path
        while let slash = missing.lastIndex(of: "/") {
            let name = String(missing[missing.index(after: slash)...])
            missing = String(missing[..<slash])
            let parent = missing.isEmpty ? "/" : missing
            guard (try? FileDescriptor.directory(parent)) != nil else { continue }
            interests[parent, default: []].insert(.name(name))
            return
        }
    }
}
