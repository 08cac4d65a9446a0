import ArenaJSON
import ArenaTestSupport
import Foundation

/// `store-trial`, in a process of its own.
enum TrialProcess {
    private static let executable =
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().path + "/store-trial"

    /// Runs it to its end and returns what it answers.
    static func run(_ arguments: [String]) async throws -> JSONValue {
        try await answer(of: executable, arguments)
    }

    /// Makes a file system of a few megabytes, in memory, over the folder, for this process alone to see.
    static func run(_ arguments: [String], onSmallDiskAt folder: String) async throws -> JSONValue {
        try await answer(of: "/usr/bin/env", ["unshare"] + smallDisk + [folder, executable] + arguments)
    }

    private static let smallDisk = [
        "-Urm", "sh", "-c", "mount -t tmpfs -o size=3m none \"$1\" && shift && exec \"$@\"", "sh",
    ]

    /// Whether this system lets a user have a small disk.
    static let hasSmallDisks: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare"] + smallDisk + ["/tmp", "true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static func answer(of executable: String, _ arguments: [String]) async throws -> JSONValue {
        try await RawConnection.onThread {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(filePath: executable)
            process.arguments = arguments
            process.standardOutput = output
            try process.run()
            let bytes = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return try JSONValue(parsing: Array(bytes))
        }
    }
}
