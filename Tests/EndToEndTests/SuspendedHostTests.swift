import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// A worker that is stopped beyond its lease and continued: a zombie.
///
/// The rule: who can look a host up in the process table never takes a job from it while it lives, stopped or not. Who
/// cannot, as from another container, takes the job once the lease stood unrenewed for its whole duration.
@Suite(.startsProcesses, .timeLimit(.minutes(2)))
struct SuspendedHostTests {
    private static let lease = Duration.seconds(1)

    @Test func continuedZombieWritesNothingAndItsChildIsEnded() async throws {
        try await TestHouse.withToil { house in
            let store = house.runtime.store
            try Data("plugins: {trust: all}\njobs: {lease_s: 1}\n".utf8)
                .write(to: URL(filePath: house.home + "/arena.yaml"))
            let worker = try ArenaProcess(["worker", "--home", house.home])
            defer { worker.killIfRunning() }
            let job = try await house.toil(["steps": 60, "ms": 20])
            _ = try await house.until(job.id) { $0.checkpointSeq >= 2 }
            try await Self.stop(worker)
            let zombie = try #require(try await store.attempts(ofJob: job.id).first)
            let child = try #require(zombie.child)
            #expect(zombie.host.process.pid == worker.pid)

            try await Self.takeOver(job.id, of: zombie.host, in: store)
            #expect(ProcessStatus(of: child.pid)?.isZombie == false, "nobody there could end it")
            let done = try await house.runtime.makeDispatcher().runUntilFinished(job.id)
            #expect(done.status == .done && done.attempts == 2 && done.rescues == 0)
            let (steps, log) = (try await house.steps(of: job.id), try await store.log(ofJob: job.id))

            worker.send(SIGCONT)
            #expect(try await ProcessStatus.waitForEnd(of: child.pid), "the zombie's child goes on")
            // The zombie has found out, and works again.
            let next = try await house.toil(["steps": 1])
            #expect(try await house.until(next.id) { $0.status.isFinal }.status == .done)
            #expect(try await store.attempts(ofJob: next.id).first?.host == zombie.host)
            let after = try #require(try await store.job(job.id))
            #expect(after == done, "the zombie wrote")
            #expect(try await store.attempts(ofJob: job.id).map(\.end) == [.lost, .done])
            #expect(try await store.log(ofJob: job.id) == log)
            #expect(try await house.steps(of: job.id) == steps)
            #expect(steps.keys.sorted() == Array(0..<60))
            let heirs = steps.filter { $0.value == 2 }.keys
            #expect(heirs.sorted() == Array((60 - heirs.count)..<60), "each made the rest of what the other had sealed")
            #expect((1...58).contains(heirs.count))
        }
    }

    /// Stops it where it holds no lock of the database: with one it would keep everybody from writing, zombie or not.
    private static func stop(_ worker: ArenaProcess) async throws {
        while true {
            worker.send(SIGSTOP)
            while try !String(contentsOfFile: "/proc/\(worker.pid)/stat", encoding: .utf8).contains(") T ") {
                await Task.yield()
            }
            let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n")
            // SQLite's are POSIX locks; the worker has others on its own files.
            guard locks.contains(where: { $0.contains("POSIX") && $0.contains(" WRITE \(worker.pid) ") }) else {
                return
            }
            worker.send(SIGCONT)
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Looks from the host's own namespace and from another one, until the other has freed the job.
    private static func takeOver(_ id: String, of host: HostIdentity, in store: ArenaStore) async throws {
        let elsewhere = HostIdentity(
            bootID: host.bootID, pidNamespace: host.pidNamespace + 1, process: host.process)
        let beside = Rescuer(store: store, leaseDuration: lease)
        let stranger = Rescuer(store: store, leaseDuration: lease, observer: elsewhere)
        let begin = ContinuousClock.now
        while true {
            #expect(try await beside.rescue().isEmpty, "a host that lives was robbed")
            if try await stranger.rescue().map(\.id) == [id] { break }
            try #require(ContinuousClock.now - begin < .seconds(20), "nobody took over")
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(ContinuousClock.now - begin >= lease)
    }
}
