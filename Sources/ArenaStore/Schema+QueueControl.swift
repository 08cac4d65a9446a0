/// The queue's control, as step 2 adds it.
extension Schema {
    /// What a job needs is written when it is enqueued; what is in use is counted from the jobs that are held, and never
    /// kept as a number. `refusals` counts those in a row. `error_detail_json` holds a poisoned job's last lines.
    ///
    /// A trigger is an entry of the audit trail. Refusals of one `source` are one row, which counts them: the first time
    /// is `created_at`, the last `last_at`.
    static let queueControl = """
        ALTER TABLE jobs ADD COLUMN lane_id TEXT;
        ALTER TABLE jobs ADD COLUMN lane_alone INTEGER NOT NULL DEFAULT 0 CHECK (lane_alone IN (0, 1));
        ALTER TABLE jobs ADD COLUMN needs_gpu INTEGER NOT NULL DEFAULT 0 CHECK (needs_gpu IN (0, 1));
        ALTER TABLE jobs ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN error_detail_json TEXT;
        CREATE INDEX jobs_due ON jobs (run_after) WHERE status = 'queued' AND run_after IS NOT NULL;
        CREATE INDEX jobs_wanting_alone ON jobs (lane_id) WHERE status = 'queued' AND lane_alone = 1;
        UPDATE jobs SET lane_id = json_extract(payload_json, '$.lane_id')
            WHERE json_type(payload_json, '$.lane_id') = 'text';

        ALTER TABLE job_triggers ADD COLUMN event TEXT NOT NULL DEFAULT 'enqueue'
            CHECK (event IN ('enqueue', 'coalesce', 'retry', 'rescue', 'refusal'));
        ALTER TABLE job_triggers ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE job_triggers ADD COLUMN last_at TEXT;
        UPDATE job_triggers SET event = 'coalesce'
            WHERE id NOT IN (SELECT min(id) FROM job_triggers GROUP BY job_id);
        CREATE UNIQUE INDEX job_triggers_refusals ON job_triggers (job_id, source) WHERE event = 'refusal';

        CREATE TABLE paused_kinds (
            kind TEXT PRIMARY KEY,
            reason TEXT,
            paused_at TEXT NOT NULL
        ) STRICT;

        """

    /// As step 4 has them: a claim reads the row of no job that it passes over.
    static let queueIndexes = """
        DROP INDEX jobs_queue;
        DROP INDEX jobs_wanting_alone;
        CREATE INDEX jobs_waiting ON jobs (priority DESC, seq, run_after, kind, lane_id, lane_alone, needs_gpu)
            WHERE status = 'queued';

        """
}
