import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// A short run of `script/soak`, which kills a thousand times when people run it.
@Suite(.startsProcesses, .timeLimit(.minutes(4)))
struct SoakTests {
    private static let script = CompiledPlugin.checkout + "/script/soak"

    /// Whether `python3` is there, which the script is written in.
    private static let canRun = !Compiler.installed(of: ["python3"]).isEmpty

    @Test(.enabled(if: canRun, "script/soak needs python3"))
    func workersKilledAndStoppedUnderAMixedLoadLoseAndRepeatNothing() async throws {
        let (status, verdict) = try await RawConnection.onThread {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(filePath: Self.script)
            process.arguments = [
                "--seed", "20261121", "--kills", "20", "--minutes", "1", "--pause", "0.6", "--live", "8",
                // Other suites run beside this one.
                "--rescue-s", "15", "--bin", TestHouse.products,
            ]
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, try JSONValue(parsing: Array(bytes)))
        }
        #expect(status == 0 && verdict["broken"] == [], "\(verdict.text())")
        #expect(verdict["kill_points"]?.int ?? 0 > 5)
        #expect(verdict["ended"]?["done"]?.int ?? 0 > 5)
    }
}
