package import ArenaCore

/// Which lanes there are, and what is wrong with the last edit of the file that names them. A pure value.
package struct LaneEdition: Hashable, Sendable {
    package private(set) var lanes: [LaneDefinition]
    /// Why the file's last edit was not taken, with its place; `nil` while the file is good.
    package private(set) var problem: Failure?

    /// What an edit brought.
    package enum Change: Hashable, Sendable {
        /// The lanes are those of the file now. `altered`: of these the type or its configuration is another.
        case taken(added: [String], altered: [String], removed: [String])
        /// The file cannot be used: the lanes stay as they are.
        case refused(Failure)
    }

    /// - Parameter lanes: unique by id.
    package init(lanes: [LaneDefinition]) { self.lanes = lanes }

    /// Takes what was read of the file, or keeps the last good lanes.
    ///
    /// - Returns: what is worth telling; `nil` when nothing changed.
    package mutating func take(_ reading: Result<[LaneDefinition], Failure>) -> Change? {
        switch reading {
        case .failure(let failure):
            guard failure != problem else { return nil }
            problem = failure
            return .refused(failure)
        case .success(let read):
            guard read != lanes || problem != nil else { return nil }
            let before = Dictionary(lanes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            let now = Set(read.map(\.id))
            let change = Change.taken(
                added: read.map(\.id).filter { before[$0] == nil },
                altered: read.filter { lane in before[lane.id].map { !lane.isDriven(as: $0) } ?? false }.map(\.id),
                removed: lanes.map(\.id).filter { !now.contains($0) })
            lanes = read
            problem = nil
            return change
        }
    }
}

extension LaneEdition.Change: CustomStringConvertible {
    /// One or two sentences for the log.
    package var description: String {
        switch self {
        case .refused(let failure):
            return "The lanes stay as they were: \(failure.message)" + (failure.hint.map { " \($0)" } ?? "")
        case .taken(let added, let altered, let removed):
            let parts = [("new", added), ("changed", altered), ("gone", removed)].filter { !$0.1.isEmpty }
            let words = parts.map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
            return "The lanes are those of arena.yaml\(words.isEmpty ? "." : " now; \(words).")"
        }
    }
}

extension LaneDefinition {
    /// Whether what drives this lane may drive the other.
    fileprivate func isDriven(as other: LaneDefinition) -> Bool { type == other.type && config == other.config }
}
