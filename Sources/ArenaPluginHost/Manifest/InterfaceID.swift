/// The name of an interface or service with its revision, such as `arena.scorer/1`.
///
/// A revision never changes meaning, so two ids are the same or they have nothing in common.
package struct InterfaceID: Hashable, Sendable, CustomStringConvertible {
    /// `arena.scorer`.
    package let name: String
    /// From 1.
    package let revision: UInt32

    package var description: String { "\(name)/\(revision)" }

    /// Reads `NAME/REVISION`: dotted lower-case words, a revision from 1 without leading zeros.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...80).contains(parts[0].utf8.count), let revision = UInt32(parts[1]), revision > 0,
            String(revision) == parts[1]
        else { return nil }
        for word in parts[0].split(separator: ".", omittingEmptySubsequences: false) {
            guard !word.isEmpty, word.utf8.allSatisfy(Self.isWordByte) else { return nil }
        }
        name = String(parts[0])
        self.revision = revision
    }

    /// `scorer`: without `arena.`, and without the revision where it is 1.
    package var shortName: String {
        let word = name.hasPrefix("arena.") ? String(name.dropFirst(6)) : name
        return revision == 1 ? word : "\(word)/\(revision)"
    }

    /// Whether a text is this id or its short name.
    package func isNamed(_ text: String) -> Bool { text == description || text == shortName }

    private init(name: String, revision: UInt32) {
        self.name = name
        self.revision = revision
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension InterfaceID {
    package static let scorer = InterfaceID(name: "arena.scorer", revision: 1)
    package static let scorerAggregate = InterfaceID(name: "arena.scorer.aggregate", revision: 1)
    package static let rubric = InterfaceID(name: "arena.rubric", revision: 1)
    package static let jobKind = InterfaceID(name: "arena.job_kind", revision: 1)
    package static let laneCodec = InterfaceID(name: "arena.lane_type.codec", revision: 1)
    package static let laneEngine = InterfaceID(name: "arena.lane_type.engine", revision: 1)
    package static let exporter = InterfaceID(name: "arena.exporter", revision: 1)

    /// The interfaces that this host can use. A kind of any other is listed and left alone.
    package static let known: [InterfaceID] = [
        .scorer, .scorerAggregate, .rubric, .jobKind, .laneCodec, .laneEngine, .exporter,
    ]

    /// The services that this host knows by name; whether one is given is a matter of grants.
    package static let knownServices: [InterfaceID] = [
        "job", "lanes", "scoring", "views", "artifacts", "kv", "http", "process", "files", "index", "clock", "random",
    ].map { InterfaceID(name: "arena.\($0)", revision: 1) }

    /// Why a host that knows `known` cannot use this one; `nil` when it can.
    func reasonUnknown(among known: [InterfaceID]) -> String? {
        if known.contains(self) { return nil }
        if let other = known.first(where: { $0.name == name }) {
            return "this Arena knows \(other), not revision \(revision)"
        }
        return "this Arena does not know \(self)"
    }
}
