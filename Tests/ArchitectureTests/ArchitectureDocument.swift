import Foundation
import Testing

/// The tables of docs/ARCHITECTURE.md, which are the law.
struct ArchitectureDocument {
    /// Arena's modules, and what each may import of Arena.
    let modules: [String: Set<String>]
    /// Modules of packages, and who may import each.
    let packages: [String: Set<String>]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    init() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/ARCHITECTURE.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let layered = rows.filter { $0.count == 5 && $0[0] != "layer" }
        var layers: [String: Set<String>] = [:]
        for row in layered { layers[row[0], default: []].formUnion(Self.names(row[1])) }
        var modules: [String: Set<String>] = [:]
        for row in layered {
            for module in Self.names(row[1]) { modules[module] = try Self.allowed(row[4], layers) }
        }
        self.modules = modules
        var packages: [String: Set<String>] = [:]
        for row in rows where row.count == 2 {
            for package in Self.names(row[0]) { packages[package] = Self.names(row[1]) }
        }
        self.packages = packages
    }

    /// What stands between backquotes.
    private static func names(_ cell: String) -> Set<String> {
        Set(cell.matches(of: /`([^`]+)`/).map { String($0.1) })
    }

    /// `0–1 but `A`, `B``: the modules of layers 0 and 1 except A and B. Otherwise ranges and names are added up.
    private static func allowed(_ cell: String, _ layers: [String: Set<String>]) throws -> Set<String> {
        let parts = cell.components(separatedBy: " but ")
        var allowed = names(parts[0])
        for range in parts[0].matches(of: /(\d)–(\d)/) {
            let first = try #require(Int(range.1))
            let last = try #require(Int(range.2))
            for layer in first...last { allowed.formUnion(layers[String(layer), default: []]) }
        }
        return parts.count > 1 ? allowed.subtracting(names(parts[1])) : allowed
    }
}

/// The Swift files of a folder and the modules that each imports.
struct Imports {
    let folder: URL

    /// The file's name and the module, for every import in every file.
    func all() throws -> [(file: String, module: String)] {
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var found: [(file: String, module: String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            // A template is a package of its own.
            if file.path.contains("/Templates/") { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains("import ") {
                let pattern =
                    /\s*(?:@\w+(?:\([^)]*\))? +)*(?:\w+ +)?import +(?:(?:struct|class|enum|func|protocol|var) +)?(\w+).*/
                if let match = line.wholeMatch(of: pattern) { found.append((file.lastPathComponent, String(match.1))) }
            }
        }
        return found
    }
}
