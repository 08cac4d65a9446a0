import ArenaCore
import Foundation
import Synchronization

/// The time zones of this machine, by their names in the IANA database. May be used from any thread.
package final class ZoneLibrary: Sendable {
    /// What the operating system keeps up to date. A change counts from the next start.
    package static let system = ZoneLibrary(folder: "/usr/share/zoneinfo")

    private let folder: String
    private let known = Mutex<[String: ZoneRules]>([:])

    package init(folder: String) { self.folder = folder }

    /// - Throws: `schedule.unknown_zone`, with the names that look like this one.
    package func zone(_ name: String) throws(JobsError) -> ZoneRules {
        if name == "UTC" { return .utc }
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard Self.isName(name), let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
            let zone = ZoneRules(name: name, file: Array(bytes))
        else { throw unknown(name) }
        known.withLock { $0[name] = zone }
        return zone
    }

    /// Letters, digits, `_`, `+`, `-` and slashes between them: no way out of the folder.
    private static func isName(_ name: String) -> Bool {
        name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy { "_+-".unicodeScalars.contains($0) || isLetterOrDigit($0) }
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private func unknown(_ name: String) -> JobsError {
        let names = names()
        let near = Self.nearest(to: name, among: names)
        let hint =
            names.isEmpty
            ? "\(folder) has no time zones: install the package tzdata; UTC works without it."
            : near.isEmpty
                ? "Give a name of the IANA database, such as Europe/Berlin or UTC."
                : "Did you mean \(near.joined(separator: ", "))?"
        return JobsError(
            code: "schedule.unknown_zone", category: .invalidArgument, message: "There is no time zone \"\(name)\".",
            hint: hint)
    }

    /// Only those that people write: without the copies for other ways to count seconds.
    private func names() -> [String] {
        (FileManager.default.subpaths(atPath: folder) ?? []).filter { path in
            guard path.first?.isUppercase == true, Self.isName(path) else { return false }
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// The nearest, at most three: the same letters in another case, the same place without its region, or few letters apart.
    static func nearest(to name: String, among names: [String]) -> [String] {
        let wanted = simplified(name)
        guard !wanted.isEmpty else { return [] }
        let rated = names.compactMap { candidate -> (name: String, distance: Int)? in
            let whole = simplified(candidate)
            let place = simplified(candidate.split(separator: "/").last.map(String.init) ?? candidate)
            let distance = min(Spelling.distance(wanted, whole), Spelling.distance(wanted, place))
            return distance <= max(1, wanted.count / 4) ? (candidate, distance) : nil
        }
        let least = rated.map(\.distance).min()
        return rated.filter { $0.distance == least }.map(\.name).sorted().prefix(3).map { $0 }
    }

    private static func simplified(_ name: String) -> [UInt8] {
        name.lowercased().utf8.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }
    }
}
