/// The tables as step 1 makes them.
///
/// Times are RFC 3339 text in UTC with milliseconds, which sorts as it is read; columns that end in `_ms` are whole
/// milliseconds; JSON is compact text. Tables are STRICT: SQLite refuses a value of another type.
enum Schema {
    /// The queue. `attempts` counts attempts begun and is the number of the live one; `lease_token` is the fencing
    /// token of the live attempt: every write on behalf of an attempt names job, attempt and token, and does nothing
    /// unless they still stand here.
    static let jobs = """
        CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('queued', 'dispatched', 'running', 'done', 'failed', 'skipped')),
            reason TEXT,
            priority INTEGER NOT NULL DEFAULT 0,
            payload_json TEXT NOT NULL,
            dedup_key TEXT,
            trigger TEXT NOT NULL,
            seed TEXT NOT NULL,
            timeout_ms INTEGER,
            result_json TEXT,
            error_code TEXT,
            error_category TEXT,
            error_message TEXT,
            error_hint TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            crashes INTEGER NOT NULL DEFAULT 0,
            rescues INTEGER NOT NULL DEFAULT 0,
            max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
            lease_token TEXT,
            run_after TEXT,
            enqueued_at TEXT NOT NULL,
            dispatched_at TEXT,
            started_at TEXT,
            finished_at TEXT,
            cancel_requested_at TEXT,
            progress_json TEXT,
            checkpoint BLOB,
            checkpoint_seq INTEGER NOT NULL DEFAULT 0,
            checkpoint_plugin_sha256 TEXT,
            CHECK ((status IN ('dispatched', 'running')) = (lease_token IS NOT NULL)),
            CHECK ((status IN ('done', 'failed', 'skipped')) = (finished_at IS NOT NULL))
        ) STRICT;
        CREATE INDEX jobs_queue ON jobs (priority DESC, seq) WHERE status = 'queued';
        CREATE INDEX jobs_by_status ON jobs (status, seq);
        CREATE UNIQUE INDEX jobs_live_dedup ON jobs (dedup_key)
            WHERE status IN ('queued', 'dispatched', 'running');

        CREATE TABLE job_attempts (
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            attempt INTEGER NOT NULL,
            lease_token TEXT NOT NULL,
            lease_expires_at TEXT NOT NULL,
            dispatcher_id TEXT NOT NULL,
            host_boot_id TEXT NOT NULL,
            host_pid_namespace INTEGER NOT NULL,
            host_pid INTEGER NOT NULL,
            host_start_ticks INTEGER NOT NULL,
            child_pid INTEGER,
            child_start_ticks INTEGER,
            plugin_id TEXT,
            plugin_version TEXT,
            plugin_sha256 TEXT,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            outcome TEXT
                CHECK (outcome IN ('done', 'failed', 'crashed', 'cancelled', 'lost', 'released', 'started_over')),
            error_code TEXT,
            error_category TEXT,
            error_message TEXT,
            error_hint TEXT,
            PRIMARY KEY (job_id, attempt),
            CHECK ((outcome IS NULL) = (finished_at IS NULL))
        ) STRICT;
        CREATE INDEX job_attempts_live ON job_attempts (job_id) WHERE outcome IS NULL;

        CREATE TABLE job_triggers (
            id INTEGER PRIMARY KEY,
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            detail_json TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_triggers_by_job ON job_triggers (job_id);

        CREATE TABLE job_log (
            id INTEGER PRIMARY KEY,
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            attempt INTEGER NOT NULL,
            level INTEGER NOT NULL,
            message TEXT NOT NULL,
            fields_json TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_log_by_job ON job_log (job_id, id);

        CREATE TABLE dispatchers (
            id TEXT PRIMARY KEY,
            host_boot_id TEXT NOT NULL,
            host_pid_namespace INTEGER NOT NULL,
            host_pid INTEGER NOT NULL,
            host_start_ticks INTEGER NOT NULL,
            only_job_id TEXT,
            started_at TEXT NOT NULL,
            heartbeat_at TEXT NOT NULL
        ) STRICT;

        """

    /// What jobs leave behind. Rows are sealed by a commit while their job still runs; `visible` becomes 1 in the
    /// transaction that makes the job done. A run is `recorded` once its own record came: its scores may come first.
    static let records = """
        CREATE TABLE eval_runs (
            id TEXT PRIMARY KEY,
            job_id TEXT REFERENCES jobs (id) ON DELETE SET NULL,
            recorded INTEGER NOT NULL DEFAULT 0,
            visible INTEGER NOT NULL DEFAULT 0,
            bench_id TEXT,
            bench_sha256 TEXT,
            lane_id TEXT,
            model TEXT,
            scorer_id TEXT,
            scorer_plugin TEXT,
            scorer_version TEXT,
            scorer_sha256 TEXT,
            n_items INTEGER,
            n_scored INTEGER,
            n_infrastructure INTEGER,
            n_skipped INTEGER,
            mean_normalized REAL,
            stderr REAL,
            repeat INTEGER,
            item_limit INTEGER,
            sampling_json TEXT,
            started_at TEXT,
            finished_at TEXT,
            extra_json TEXT,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX eval_runs_by_job ON eval_runs (job_id);
        CREATE INDEX eval_runs_by_bench ON eval_runs (bench_id, lane_id) WHERE visible = 1;

        CREATE TABLE eval_scores (
            eval_run_id TEXT NOT NULL REFERENCES eval_runs (id) ON DELETE CASCADE,
            item_id TEXT NOT NULL,
            repeat INTEGER NOT NULL,
            job_id TEXT,
            record_key TEXT,
            value REAL,
            pass INTEGER,
            reason TEXT,
            explain TEXT,
            output TEXT,
            reference TEXT,
            finish_reason TEXT,
            latency_ms REAL,
            usage_json TEXT,
            extra_json TEXT,
            created_at TEXT NOT NULL,
            PRIMARY KEY (eval_run_id, item_id, repeat)
        ) STRICT;
        CREATE UNIQUE INDEX eval_scores_by_key ON eval_scores (job_id, record_key);

        CREATE TABLE plugin_records (
            job_id TEXT NOT NULL,
            record_type TEXT NOT NULL,
            key TEXT NOT NULL,
            plugin_id TEXT NOT NULL,
            json TEXT NOT NULL,
            visible INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            PRIMARY KEY (job_id, record_type, key)
        ) STRICT;
        CREATE INDEX plugin_records_by_type ON plugin_records (plugin_id, record_type) WHERE visible = 1;

        CREATE TABLE artifacts (
            id TEXT PRIMARY KEY,
            job_id TEXT NOT NULL,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            path TEXT NOT NULL,
            visible INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            UNIQUE (job_id, name)
        ) STRICT;

        CREATE TABLE kv (
            plugin_id TEXT NOT NULL,
            key BLOB NOT NULL,
            value BLOB NOT NULL,
            updated_at TEXT NOT NULL,
            PRIMARY KEY (plugin_id, key)
        ) STRICT;

        """

    /// The outbox: what changed, in the order in which it was committed.
    static let events = """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            topic TEXT NOT NULL,
            key TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;

        """
}
