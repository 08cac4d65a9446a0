import Foundation
import Testing

/// SwiftPM refuses cycles but takes undeclared imports of what a dependency depends on, so the table is checked here.
struct LayeringTests {
    private let document: ArchitectureDocument

    init() throws { document = try ArchitectureDocument() }

    static let modules = folders("Sources").sorted()
    static let plugins = folders("Plugins").sorted()

    @Test func readsTheTables() {
        #expect(document.modules.count > 20)
        #expect(document.modules["ArenaCore"] == [])
        #expect(document.modules["ArenaPluginHost"]?.contains("ArenaPluginABI") == true)
        #expect(document.modules["ArenaPluginHost"]?.contains("ArenaStore") == false)
        #expect(document.modules["ArenaJobs"]?.contains("ArenaLanes") == false)
        #expect(document.modules["ArenaRuntime"]?.contains("ArenaLanes") == true)
        #expect(document.packages["GRDB"] == ["ArenaStore"])
    }

    @Test(arguments: modules)
    func modulesStayInTheirLayer(module: String) throws {
        let allowed = try #require(document.modules[module], "docs/ARCHITECTURE.md does not name \(module)")
        try check(ArchitectureDocument.root.appending(path: "Sources/\(module)"), as: module, allowed: allowed)
    }

    @Test(arguments: plugins)
    func pluginsKnowNothingOfTheHost(plugin: String) throws {
        let allowed = try #require(document.modules["Plugins/*"])
        try check(ArchitectureDocument.root.appending(path: "Plugins/\(plugin)"), as: "Plugins/*", allowed: allowed)
    }

    @Test func theEntryPointStaysAtThirtyLines() throws {
        let folder = ArchitectureDocument.root.appending(path: "Sources/arena")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let lines = try files.map { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n").count }
        #expect(lines.reduce(0, +) <= 30)
    }

    private func check(_ folder: URL, as module: String, allowed: Set<String>) throws {
        for (file, imported) in try Imports(folder: folder).all() {
            if document.modules[imported] != nil || imported.contains("Arena") {
                #expect(allowed.contains(imported), "\(file): \(module) may not import \(imported)")
            } else if let importers = document.packages[imported] {
                #expect(importers.contains(module), "\(file): \(module) may not import \(imported)")
            } else {
                #expect(
                    Self.ofTheToolchain.contains(imported), "\(file): docs/ARCHITECTURE.md does not name \(imported)")
            }
        }
    }

    /// What comes with the compiler and costs nothing to load.
    private static let ofTheToolchain: Set<String> = ["Glibc", "Musl", "Synchronization", "Dispatch"]

    private static func folders(_ parent: String) -> [String] {
        let folder = ArchitectureDocument.root.appending(path: parent)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let path = folder.appending(path: name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
        }
    }
}
