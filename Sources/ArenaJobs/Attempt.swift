import ArenaConcurrency
import ArenaCore
import ArenaJSON
package import ArenaStore
import Synchronization

/// One attempt of one job, as its executor sees it: where what the plugin leaves behind goes, and where the wish to
/// stop comes from. All members may be used from any thread.
///
/// Every write is fenced: once another attempt has taken over, ``put(recordType:key:json:)``,
/// ``commit(checkpoint:expected:)`` and the rest throw `job.lease_lost` (ABORTED), for good, and nothing is written.
package final class Attempt: Sendable {
    package let lease: JobLease
    let store: ArenaStore
    let clock: any TimerClock
    let kind: JobKindInfo
    let limits: CommitLimits
    let stop: AttemptStop
    let state: Mutex<State>

    struct State {
        var records: RecordBuffer
        var report = AttemptReport()
        var reporting: Task<Void, Never>?
        var isClosed = false
        var child: ProcessStamp?
    }

    init(
        lease: JobLease, kind: JobKindInfo, store: ArenaStore, clock: any TimerClock, stop: AttemptStop,
        limits: CommitLimits
    ) {
        self.lease = lease
        self.kind = kind
        self.store = store
        self.clock = clock
        self.limits = limits
        self.stop = stop
        state = Mutex(State(records: RecordBuffer(limits: limits)))
    }

    /// Records the attempt's child process, so that whoever rescues the job can end it first. Call it before the child
    /// is given any work.
    ///
    /// - Parameter startTicks: Field 22 of `/proc/<pid>/stat`.
    /// - Throws: `job.lease_lost`: end the child.
    package func childStarted(pid: Int32, startTicks: UInt64) async throws(JobsError) {
        try checkHeld()
        let child = ProcessStamp(pid: pid, startTicks: startTicks)
        let isHeld = try await storing { () async throws(StoreError) in try await store.recordChild(child, of: lease) }
        guard isHeld else { throw lostLease() }
        state.withLock { $0.child = child }
    }

    /// The child process, once it was started.
    var child: ProcessStamp? { state.withLock { $0.child } }

    /// Why the attempt should stop; `nil` while it should go on. The first reason stays.
    package var cancellation: AttemptCancellation? { stop.reason }

    /// Runs `handler` once, when the attempt is asked to stop; at once if it was already. Any thread; it must not block.
    package func onCancellation(_ handler: @escaping @Sendable (AttemptCancellation) -> Void) {
        stop.onRequest(handler)
    }

    // MARK: The end

    /// Ends the use of this object: what comes later throws. Writes what was still to be reported.
    ///
    /// - Returns: the rows that were put and not sealed.
    func close() async -> [SealedRow] {
        let (rows, reporting) = state.withLock { state in
            state.isClosed = true
            return (state.records.rows, state.reporting)
        }
        reporting?.cancel()
        await reporting?.value
        await writeReport()
        return rows
    }

    func checkHeld() throws(JobsError) {
        let isUsable = state.withLock { !$0.isClosed }
        guard isUsable, stop.reason != .leaseLost else { throw .leaseLost(lease.jobID) }
    }

    /// Notes that another attempt took over.
    func lostLease() -> JobsError {
        stop.request(.leaseLost)
        state.withLock { $0.isClosed = true }
        return .leaseLost(lease.jobID)
    }

    func storing<T>(_ body: () async throws(StoreError) -> T) async throws(JobsError) -> T {
        do {
            return try await body()
        } catch {
            throw JobsError(error)
        }
    }
}
