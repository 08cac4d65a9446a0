import ArenaJSON

/// How many jobs may be held at once, of all dispatchers together.
package struct ConcurrencyLimits: Sendable, Hashable {
    /// By full name; a kind that is not here has no limit.
    package var kinds: [String: Int]
    /// By id; a lane that is not here has no limit.
    package var lanes: [String: Int]
    /// Jobs that need the GPU.
    package var gpu: Int

    package init(kinds: [String: Int] = [:], lanes: [String: Int] = [:], gpu: Int = 1) {
        self.kinds = kinds
        self.lanes = lanes
        self.gpu = gpu
    }
}

/// The `seq` of jobs to take. First each job alone: it is left out if its kind, its lane or the GPU has no room beside
/// the jobs that are held, or if it would overtake one that waits to have the lane alone and could run otherwise. Then
/// those that are left among themselves: the first always stays. A job that is asked for by its id overtakes, for
/// nobody may be there to run the other.
let claimable = """
    WITH held AS MATERIALIZED (
        SELECT kind, lane_id, lane_alone, needs_gpu FROM jobs WHERE status IN ('dispatched', 'running')),
    kind_room AS MATERIALIZED (
        SELECT key AS kind, value - (SELECT count(*) FROM held WHERE held.kind = key) AS room FROM json_each(:kinds)
        UNION ALL SELECT kind, 0 FROM paused_kinds),
    lane_room AS MATERIALIZED (
        SELECT key AS lane_id, value - (SELECT count(*) FROM held WHERE held.lane_id = key) AS room
        FROM json_each(:lanes)
        UNION ALL SELECT lane_id, 0 FROM held WHERE lane_alone AND lane_id IS NOT NULL),
    gpu_room AS MATERIALIZED (SELECT :gpu - count(*) AS room FROM held WHERE needs_gpu),
    first_alone AS (
        SELECT lane_id, priority, seq FROM jobs
        WHERE status = 'queued' AND lane_alone = 1 AND (run_after IS NULL OR run_after <= :now) AND :only IS NULL
            AND kind NOT IN (SELECT kind FROM kind_room WHERE room < 1)
            AND NOT (needs_gpu AND (SELECT room FROM gpu_room) < 1)),
    open AS (
        SELECT seq, priority, kind, lane_id, lane_alone, needs_gpu FROM jobs INDEXED BY jobs_queue
        WHERE status = 'queued' AND (run_after IS NULL OR run_after <= :now) AND (:only IS NULL OR id = :only)
            AND kind NOT IN (SELECT kind FROM kind_room WHERE room < 1)
            AND (lane_id IS NULL OR lane_id NOT IN (SELECT lane_id FROM lane_room WHERE room < 1))
            AND NOT (lane_alone AND lane_id IN (SELECT lane_id FROM held WHERE lane_id IS NOT NULL))
            AND NOT EXISTS (
                SELECT 1 FROM first_alone f
                WHERE f.lane_id = jobs.lane_id AND (f.priority, -f.seq) > (jobs.priority, -jobs.seq))
            AND NOT (needs_gpu AND (SELECT room FROM gpu_room) < 1)
        ORDER BY priority DESC, seq LIMIT :limit),
    ranked AS (
        SELECT seq, kind, lane_id, needs_gpu,
            row_number() OVER (PARTITION BY kind ORDER BY priority DESC, seq) AS of_kind,
            row_number() OVER (PARTITION BY lane_id ORDER BY priority DESC, seq) AS of_lane,
            sum(lane_alone) OVER (PARTITION BY lane_id ORDER BY priority DESC, seq) AS alone_of_lane,
            sum(needs_gpu) OVER (ORDER BY priority DESC, seq) AS of_gpu
        FROM open)
    SELECT seq FROM ranked
    WHERE of_kind <= ifnull((SELECT min(room) FROM kind_room k WHERE k.kind = ranked.kind), of_kind)
        AND (lane_id IS NULL OR of_lane = 1
            OR (alone_of_lane = 0
                AND of_lane <= ifnull((SELECT min(room) FROM lane_room l WHERE l.lane_id = ranked.lane_id), of_lane)))
        AND (NOT needs_gpu OR of_gpu <= (SELECT room FROM gpu_room))
    """

extension [String: Int] {
    /// As an argument of ``claimable``.
    var json: String { JSONValue.object(JSONObject(map { ($0.key, JSONValue($0.value)) })).text() }
}
