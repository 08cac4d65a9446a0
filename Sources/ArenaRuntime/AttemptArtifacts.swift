import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaStore
import Crypto
import Foundation

/// `arena.artifacts/1` of one attempt: files below `artifacts/<job>/`, recorded with the next commit.
///
/// A file of an attempt that dies before its commit is known to nobody.
actor AttemptArtifacts: ArtifactRecording {
    private struct Open {
        let name: String
        let mediaType: String
        let path: String
        let file: FileHandle
        var hash = SHA256()
        var size: UInt64 = 0
    }

    private let attempt: Attempt
    private let folder: String
    private let jobID: String
    private var open: [UInt64: Open] = [:]
    private var next: UInt64 = 1
    private static let largest = ByteCount.gibibytes(1)
    private static let mostOpen = 64

    init(attempt: Attempt, folder: String, jobID: String) {
        self.attempt = attempt
        self.folder = folder
        self.jobID = jobID
    }

    func create(name: String, mediaType: String) async throws -> UInt64 {
        guard isFileName(name) else {
            throw failure(.invalidArgument, "artifact.bad_name", "\"\(name)\" is no plain file name of 1 to 120 bytes.")
        }
        guard open.count < Self.mostOpen else {
            throw failure(.resourceExhausted, "artifact.too_many", "\(Self.mostOpen) artifacts are open.")
        }
        let path = "\(jobID)/\(Identifier.random().prefix(12))-\(name)"
        let full = "\(folder)/\(path)"
        try FileManager.default.createDirectory(
            atPath: "\(folder)/\(jobID)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard FileManager.default.createFile(atPath: full, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: full)
        else { throw failure(.internalError, "artifact.not_written", "\(full) cannot be created.") }
        defer { next += 1 }
        open[next] = Open(name: name, mediaType: mediaType, path: path, file: file)
        return next
    }

    func write(_ bytes: [UInt8], to artifact: UInt64) async throws {
        var target = try find(artifact)
        guard target.size + UInt64(bytes.count) <= Self.largest.bytes else {
            throw failure(.resourceExhausted, "artifact.too_large", "An artifact has at most \(Self.largest).")
        }
        try target.file.write(contentsOf: bytes)
        target.hash.update(data: bytes)
        target.size += UInt64(bytes.count)
        open[artifact] = target
    }

    func finish(_ artifact: UInt64) async throws -> JSONValue {
        let done = try find(artifact)
        try done.file.synchronize()
        try done.file.close()
        open[artifact] = nil
        let sha256 = Identifier.hex(done.hash.finalize())
        try await attempt.put(
            ArtifactRecord(
                name: done.name, mediaType: done.mediaType, size: ByteCount(done.size), sha256: sha256,
                path: done.path))
        return [
            "name": .string(done.name), "sha256": .string(sha256), "bytes": .number(JSONNumber(done.size)),
            "media_type": .string(done.mediaType),
        ]
    }

    func discard(_ artifact: UInt64) async throws {
        let done = try find(artifact)
        open[artifact] = nil
        try done.file.close()
        try FileManager.default.removeItem(atPath: "\(folder)/\(done.path)")
    }

    private func find(_ artifact: UInt64) throws -> Open {
        if let found = open[artifact] { return found }
        throw failure(.notFound, "artifact.unknown", "No artifact \(artifact) is open.")
    }

    /// Plain names only: nothing that a path could be built from.
    private func isFileName(_ name: String) -> Bool {
        (1...120).contains(name.utf8.count) && !name.hasPrefix(".") && !name.contains("/")
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }

    private func failure(_ category: ErrorCategory, _ code: String, _ message: String) -> Failure {
        Failure(code: code, category: category, message: message)
    }
}
