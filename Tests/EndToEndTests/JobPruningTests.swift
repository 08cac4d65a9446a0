import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// What pruning does to the files of jobs.
@Suite(.startsProcesses, .timeLimit(.minutes(1)))
struct JobPruningTests {
    @Test func filesThatNobodyCouldSeeGoWithTheirJobAndOthersStay() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let store = house.runtime.store
            let job = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "sleep", payload: ["seconds": 1], trigger: "test")
            ).job
            let claims = try await store.claim(
                ClaimRequest(
                    limit: 1, dispatcherID: "d", host: .current(), leaseExpiresAt: store.now() + .seconds(30)))
            let lease = try #require(claims.first?.lease)
            #expect(try await store.begin(lease, plugin: PluginStamp(id: "sleep", version: "1.0.0", sha256: "ab")))
            let paths = ["\(job.id)/a", "\(job.id)/b", "../outside", "kept/c"]
            for path in paths {
                let file = URL(filePath: "\(house.home)/artifacts/\(path)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("x".utf8).write(to: file)
            }
            let artifacts = paths.prefix(3).map { path in
                SealedRow.artifact(
                    ArtifactRecord(
                        name: String(path.suffix(1)), mediaType: "text/plain", size: ByteCount(1 as UInt64),
                        sha256: "ab", path: path))
            }
            let outcome = try await store.seal(
                artifacts, checkpoint: [], pluginSHA256: "ab", expected: 0, for: lease)
            #expect(outcome == .sealed(1))
            _ = try await store.conclude(lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
            #expect(try await house.runtime.pruneJobs(olderThan: .seconds(60)).jobs == 0)
            while try await house.runtime.pruneJobs(olderThan: .zero).jobs == 0 {}
            func exists(_ path: String) -> Bool {
                FileManager.default.fileExists(atPath: "\(house.home)/artifacts/\(path)")
            }
            #expect(!exists(job.id), "with the folder that is empty then")
            #expect(exists("kept/c"))
            #expect(exists("../outside"), "no path leads out of the folder")
        }
    }
}
