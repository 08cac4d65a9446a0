import ArenaCore
import ArenaPluginABI
import Synchronization

/// Threads of the host's own for calls into plugins: Swift's cooperative pool never runs plugin code.
///
/// A call that misses its deadline is answered with ``Refusal/deadline(startedRunning:)``; its thread cannot be ended in
/// C, so it is abandoned, counted and replaced, until `mostAbandoned` are lost: then calls are refused at once. An
/// abandoned thread that comes back throws its value away and ends. No lock is held during a call.
package final class PluginThreads: Sendable {
    package enum Refusal: Error, Hashable, Sendable {
        /// Started: the instance is wedged. Not started: the pool was busy and nothing is lost.
        case deadline(startedRunning: Bool)
        case full, exhausted, cancelled
    }

    package struct Counts: Hashable, Sendable {
        package var threads = 0
        package var busy = 0
        package var waiting = 0
        package var abandoned = 0
    }

    /// What a plugin polls through `arena_call.cancelled`.
    package final class Call: Sendable {
        private let flag = Atomic<Bool>(false)
        /// On CLOCK_MONOTONIC, in nanoseconds.
        package let deadline: UInt64

        init(deadline: UInt64) { self.deadline = deadline }

        package var isCancelled: Bool { flag.load(ordering: .relaxed) }
        func cancel() { flag.store(true, ordering: .relaxed) }
    }

    private struct Job {
        let call: Call
        var isRunning = false
        /// When the clock answers in its stead.
        var expires: UInt64
        /// Does the call; gives back what resumes the caller with its value.
        let run: @Sendable (Call) -> @Sendable () -> Void
        let refuse: @Sendable (Refusal) -> Void
    }

    private struct State {
        var counts = Counts()
        var next: UInt64 = 0
        var jobs: [UInt64: Job] = [:]
        var queue: [UInt64] = []
        var isStopped = false
    }

    /// What the thread that watches deadlines sleeps on.
    private struct Alarm {
        var isRung = false
        /// When it wakes by itself; while it is awake, later than any deadline.
        var wakesAt = UInt64.max
    }

    private let work = Gate(State())
    private let alarm = Gate(Alarm())
    private let mostWaiting: Int
    private let mostAbandoned: Int
    private static let cancelGrace: UInt64 = 200_000_000

    package init(size: Int, mostWaiting: Int = 1024, mostAbandoned: Int = 16) {
        self.mostWaiting = mostWaiting
        self.mostAbandoned = mostAbandoned
        work.withLock { $0.counts.threads = size }
        for _ in 0..<size { start("arena-plugin") { $0.serve() } }
        start("arena-deadline") { $0.watch() }
    }

    package var counts: Counts {
        work.withLock { state in
            var counts = state.counts
            counts.waiting = state.queue.count
            return counts
        }
    }

    /// Ends idle threads; running calls end theirs when they return.
    package func stop() {
        let left = work.update { state in
            state.isStopped = true
            let jobs = state.queue.compactMap { state.jobs.removeValue(forKey: $0) }
            state.queue = []
            return jobs
        }
        ring()
        for job in left { job.refuse(.cancelled) }
    }

    /// Runs `body` on a thread of the pool. Cancelling the task sets the call's flag; the plugin then has 200 ms.
    package func call<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (Call) -> Value
    ) async throws(Refusal) -> Value {
        let call = Call(deadline: monotonicNanoseconds() + limit.nanoseconds)
        let id = Mutex<UInt64?>(nil)
        let result: Result<Value, Refusal> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = Job(
                    call: call, expires: call.deadline,
                    run: { call in
                        let value = body(call)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    refuse: { continuation.resume(returning: .failure($0)) })
                switch enqueue(job) {
                case .failure(let refusal): continuation.resume(returning: .failure(refusal))
                case .success(let number):
                    id.withLock { $0 = number }
                    if Task.isCancelled { cancel(number) }
                    if alarm.withLock({ call.deadline < $0.wakesAt }) { ring() }
                }
            }
        } onCancel: {
            if let number = id.withLock({ $0 }) { cancel(number) }
        }
        return try result.get()
    }

    private func enqueue(_ job: Job) -> Result<UInt64, Refusal> {
        work.updateForOne { state in
            if state.isStopped { return .failure(.cancelled) }
            if state.counts.abandoned >= mostAbandoned { return .failure(.exhausted) }
            if state.queue.count >= mostWaiting { return .failure(.full) }
            state.next += 1
            state.jobs[state.next] = job
            state.queue.append(state.next)
            return .success(state.next)
        }
    }

    /// Waiting: taken out at once. Running: the plugin is told, and has the grace before its thread counts as wedged.
    private func cancel(_ id: UInt64) {
        let dropped: Job? = work.withLock { state in
            guard var job = state.jobs[id] else { return nil }
            job.call.cancel()
            guard job.isRunning else {
                state.queue.removeAll { $0 == id }
                state.jobs[id] = nil
                return job
            }
            job.expires = min(job.expires, monotonicNanoseconds() + Self.cancelGrace)
            state.jobs[id] = job
            return nil
        }
        dropped?.refuse(.cancelled)
        ring()
    }

    private func ring() {
        alarm.update { $0.isRung = true }
    }

    private func start(_ name: String, _ body: @escaping @Sendable (PluginThreads) -> Void) {
        // Without a thread the calls that wait for one end at their deadline.
        _ = PluginThread.start(name) { body(self) }
    }

    private func serve() {
        while true {
            let taken: (UInt64, Job)?? = work.wait(while: { $0.queue.isEmpty && !$0.isStopped }) { state in
                guard !state.queue.isEmpty else { return nil }
                let id = state.queue.removeFirst()
                state.jobs[id]?.isRunning = true
                state.counts.busy += 1
                return state.jobs[id].map { (id, $0) }
            }
            guard case let (id, job)?? = taken else { return work.withLock { $0.counts.threads -= 1 } }
            let answer = job.run(job.call)
            // Whoever takes the job out of the table answers: exactly one of this thread and the clock.
            let isMine = work.withLock { state in
                guard state.jobs.removeValue(forKey: id) != nil else {
                    state.counts.abandoned -= 1
                    return false
                }
                state.counts.busy -= 1
                return true
            }
            guard isMine else { return }
            answer()
        }
    }

    private func watch() {
        while true {
            // From here on a call with any deadline rings.
            alarm.withLock { $0 = Alarm() }
            let now = monotonicNanoseconds()
            var late: [Job] = []
            let (isDone, nearest) = work.withLock { state in
                var nearest = now + 1_000_000_000
                for (id, job) in state.jobs {
                    guard job.expires <= now else {
                        nearest = min(nearest, job.expires)
                        continue
                    }
                    state.jobs[id] = nil
                    job.call.cancel()
                    late.append(job)
                    if job.isRunning {
                        state.counts.busy -= 1
                        state.counts.abandoned += 1
                    } else {
                        state.queue.removeAll { $0 == id }
                    }
                }
                return (state.isStopped && state.jobs.isEmpty, nearest)
            }
            for job in late {
                if job.isRunning { start("arena-plugin") { $0.serve() } }
                job.refuse(.deadline(startedRunning: job.isRunning))
            }
            if isDone { return }
            alarm.withLock { $0.wakesAt = nearest }
            alarm.wait(until: nearest, while: { !$0.isRung }) { _ in }
        }
    }
}
