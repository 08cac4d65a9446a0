import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// What is left when an exporter is wrong, hostile or unlucky: nothing of it, and the earlier export whole.
@Suite(.startsProcesses, .serialized)
struct ExportFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let act: String
        let code: String
        var names: String?
        var testDescription: String { act }
    }

    static let cases = [
        Case(act: "flood", code: "export.too_large", names: "8.0 MiB"),
        Case(act: "flood deaf", code: "export.too_large", names: "8.0 MiB"),
        Case(act: "crash", code: "plugin.crashed"),
        Case(act: "exit", code: "plugin.crashed"),
        Case(act: "pause", code: "plugin.unresponsive"),
        Case(act: "loop", code: "plugin.unresponsive"),
        Case(act: "climb", code: "export.bad_file_name", names: "../x"),
        Case(act: "hidden", code: "export.bad_file_name"),
        Case(act: "unnamed", code: "export.bad_file_name"),
        Case(act: "slash", code: "export.bad_file_name"),
        Case(act: "swallow", code: "export.bad_file_name"),
        Case(act: "twice", code: "export.duplicate_file", names: "FIRST.txt"),
        Case(act: "many files", code: "export.too_many_files"),
        Case(act: "nothing", code: "export.no_files"),
        Case(act: "unfinished", code: "plugin.fault", names: "half.txt"),
        Case(act: "late", code: "plugin.failed", names: "ended already"),
        Case(act: "fail", code: "plugin.failed", names: "did not want"),
        Case(act: "unknown table", code: "export.unknown_table", names: "secrets"),
        Case(act: "no cursor", code: "export.bad_cursor"),
    ]

    /// [EXP-2], [EXP-3], [EXP-4]
    @Test func leavesNothingBehindAndTheEarlierExportWhole() async throws {
        try await withExporter { house in
            let target = house.home + "/exports/out"
            let first = try await house.runtime.export(Self.order("good", target))
            let before = try Self.contents(target)
            #expect(Set(before.keys) == ["first.txt", "second.txt", ".arena-export.json"])
            #expect(first.files.map(\.name) == ["first.txt", "second.txt"])
            for hostile in Self.cases {
                let failure = await #expect(throws: (any Error).self, "\(hostile.act)") {
                    try await house.runtime.export(Self.order(hostile.act, target))
                }
                let said = Failure(try #require(failure))
                #expect(said.code == hostile.code, "\(hostile.act): \(said.message)")
                if let names = hostile.names { #expect(said.message.contains(names), "\(said.message)") }
                #expect(try Self.contents(target) == before, "\(hostile.act)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: house.home + "/exports") == ["out"])
            }
            #expect(try await house.isAlive())
        }
    }

    @Test func aCancelledExportLeavesNothing() async throws {
        try await withExporter(timeoutMilliseconds: 60_000) { house in
            let target = house.home + "/exports/out"
            let (order, runtime) = (Self.order("pause", target), house.runtime)
            let export = Task { try await runtime.export(order) }
            while (try? FileManager.default.contentsOfDirectory(atPath: house.home + "/exports").isEmpty) ?? true {
                await Task.yield()
            }
            export.cancel()
            await #expect(throws: (any Error).self) { try await export.value }
            let left = try FileManager.default.contentsOfDirectory(atPath: house.home + "/exports")
            #expect(left == [])
        }
    }

    @Test func refusesATargetThatIsThere() async throws {
        try await withExporter { house in
            let target = house.home + "/exports/out"
            _ = try await house.runtime.export(Self.order("good", target, replaces: false))
            let failure = await #expect(throws: ExportError.self) {
                try await house.runtime.export(Self.order("good", target, replaces: false))
            }
            #expect(failure?.code == "export.exists")
        }
    }

    @Test func neverReplacesAFolderThatNoExportMade() async throws {
        try await withExporter { house in
            let target = house.home + "/exports/mine"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            try Data("precious".utf8).write(to: URL(filePath: target + "/thesis.txt"))
            let failure = await #expect(throws: ExportError.self) {
                try await house.runtime.export(Self.order("good", target))
            }
            #expect(failure?.code == "export.foreign_target")
            #expect(try Self.contents(target) == ["thesis.txt": Data("precious".utf8)])
        }
    }

    @Test func sweepsWhatAKilledHostLeftAndNothingThatIsInUse() async throws {
        try await withExporter { house in
            let folder = house.home + "/exports"
            for name in ["dead", "live"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/.arena-export-\(name).partial", withIntermediateDirectories: true)
            }
            let live = open("\(folder)/.arena-export-live.partial", O_RDONLY | O_DIRECTORY)
            defer { close(live) }
            #expect(flock(live, LOCK_EX) == 0)
            _ = try await house.runtime.export(Self.order("good", folder + "/out"))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(Set(names) == ["out", ".arena-export-live.partial"])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small file system takes root"))
    func aFullDiskLeavesNothing() async throws {
        try await withExporter { house in
            let disk = house.home + "/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
            guard try Self.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk) == 0 else { return }
            defer { _ = try? Self.run("umount", disk) }
            _ = try await house.runtime.export(Self.order("good", disk + "/out"))
            let before = try Self.contents(disk + "/out")
            let failure = await #expect(throws: ExportError.self) {
                try await house.runtime.export(Self.order("flood", disk + "/out"))
            }
            #expect(failure?.code == "export.disk_full")
            #expect(try Self.contents(disk + "/out") == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["out"])
        }
    }

    // MARK: Support

    private func withExporter(
        timeoutMilliseconds: Int = 1500, _ body: (TestHouse) async throws -> Void
    ) async throws {
        try await TestHouse.withHouse { house in
            let manifest: JSONValue = [
                "id": "exporters", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
                "provides": [
                    [
                        "interface": "arena.exporter/1", "id": "obey",
                        "capabilities": ["timeout_ms": ["default": JSONValue(timeoutMilliseconds)]],
                    ]
                ],
            ]
            try house.place("exporters", from: "exporters.c", manifest: manifest)
            try await house.settle("exporters")
            try FileManager.default.createDirectory(
                atPath: house.home + "/exports", withIntermediateDirectories: true)
            try await body(house)
        }
    }

    private static func order(_ act: String, _ target: String, replaces: Bool = true) -> ExportOrder {
        var order = ExportOrder(
            exporter: "obey", params: ["act": .string(act)], target: target, replaces: replaces)
        order.sizeLimit = .mebibytes(8)
        return order
    }

    private static func contents(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))) })
    }

    private static func run(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
