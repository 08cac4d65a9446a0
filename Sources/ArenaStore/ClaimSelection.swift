/// Chooses which of the jobs that wait may be held beside those that are held already.
///
/// Jobs are offered the highest priority first, then the oldest. One is passed over if its kind, its lane or the GPU has
/// no room beside the jobs that are held and those that were chosen before it, or if it would overtake one that waits
/// only to have the lane alone.
struct ClaimSelection {
    /// What is known of a job that waits or is held.
    struct Job {
        let kind: String
        let needs: JobNeeds
    }

    private var kindRoom: [String: Int]
    private var laneRoom: [String: Int]
    private var gpuRoom: Int
    private var usedLanes: Set<String> = []
    /// Somebody has it alone, or waits for that.
    private var closedLanes: Set<String> = []
    private let mayOvertake: Bool

    /// - Parameter mayOvertake: A job that is asked for by its id does, for nobody may be there to run the other.
    init(limits: ConcurrencyLimits, held: [Job], pausedKinds: some Sequence<String>, mayOvertake: Bool) {
        kindRoom = limits.kinds
        laneRoom = limits.lanes
        gpuRoom = limits.gpu
        self.mayOvertake = mayOvertake
        for job in held { occupy(job) }
        for kind in pausedKinds { kindRoom[kind] = 0 }
    }

    /// Kinds of which none can be chosen any more.
    var closedKinds: [String] { kindRoom.filter { $0.value < 1 }.keys.sorted() }

    /// Whether the next job in the order is chosen; if so, what it needs is in use from then on.
    mutating func choose(_ job: Job) -> Bool {
        guard kindRoom[job.kind] ?? 1 > 0, !job.needs.gpu || gpuRoom > 0 else { return false }
        if let lane = job.needs.laneID {
            let isFree = !closedLanes.contains(lane) && laneRoom[lane] ?? 1 > 0
            guard isFree, !(job.needs.laneAlone && usedLanes.contains(lane)) else {
                if job.needs.laneAlone, !mayOvertake { closedLanes.insert(lane) }
                return false
            }
        }
        occupy(job)
        return true
    }

    private mutating func occupy(_ job: Job) {
        kindRoom[job.kind]? -= 1
        if job.needs.gpu { gpuRoom -= 1 }
        guard let lane = job.needs.laneID else { return }
        laneRoom[lane]? -= 1
        usedLanes.insert(lane)
        if job.needs.laneAlone { closedLanes.insert(lane) }
    }
}
