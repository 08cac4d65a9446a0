-- A store as schema 1 made it, with rows. Never changed: files like it are in use.
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

CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

INSERT INTO jobs (id, kind, status, priority, payload_json, dedup_key, trigger, seed, timeout_ms, max_attempts, enqueued_at)
    VALUES ('waiting', 'demo/sleep', 'queued', 3, '{"bench_id":"b","lane_id":"mine"}', 'k', 'cli', '18446744073709551615',
        1500, 3, '2026-11-20T10:00:00.000Z');
INSERT INTO jobs (id, kind, status, payload_json, trigger, seed, max_attempts, attempts, lease_token, enqueued_at,
        dispatched_at, started_at, checkpoint, checkpoint_seq, checkpoint_plugin_sha256)
    VALUES ('held', 'demo/sleep', 'running', '{}', 'http', '7', 3, 1, 'aa', '2026-11-20T10:00:01.000Z',
        '2026-11-20T10:00:02.000Z', '2026-11-20T10:00:03.000Z', x'0102', 1, 'ab');
INSERT INTO jobs (id, kind, status, payload_json, trigger, seed, max_attempts, attempts, failures, error_code,
        error_category, error_message, error_hint, enqueued_at, dispatched_at, started_at, finished_at)
    VALUES ('broken', 'demo/sleep', 'failed', '{"lane_id":7}', 'cli', '8', 1, 1, 1, 'lane.unreachable', 'unavailable',
        'It was away.', 'Start it.', '2026-11-20T10:00:04.000Z', '2026-11-20T10:00:05.000Z', '2026-11-20T10:00:06.000Z',
        '2026-11-20T10:00:07.000Z');
INSERT INTO jobs (id, kind, status, payload_json, trigger, seed, max_attempts, attempts, result_json, enqueued_at,
        dispatched_at, started_at, finished_at)
    VALUES ('good', 'demo/sleep', 'done', '{}', 'cli', '9', 1, 1, '{"n":1}', '2026-11-20T10:00:08.000Z',
        '2026-11-20T10:00:09.000Z', '2026-11-20T10:00:10.000Z', '2026-11-20T10:00:11.000Z');
INSERT INTO job_attempts (job_id, attempt, lease_token, lease_expires_at, dispatcher_id, host_boot_id,
        host_pid_namespace, host_pid, host_start_ticks, child_pid, child_start_ticks, started_at)
    VALUES ('held', 1, 'aa', '2026-11-20T10:00:32.000Z', 'd', 'boot', 4026531836, 100, 5, 101, 6,
        '2026-11-20T10:00:02.000Z');
INSERT INTO job_attempts (job_id, attempt, lease_token, lease_expires_at, dispatcher_id, host_boot_id,
        host_pid_namespace, host_pid, host_start_ticks, plugin_id, plugin_version, plugin_sha256, started_at, finished_at,
        outcome, error_code, error_category, error_message)
    VALUES ('broken', 1, 'bb', '2026-11-20T10:00:35.000Z', 'd', 'boot', 4026531836, 100, 5, 'demo', '1.0.0', 'ab',
        '2026-11-20T10:00:05.000Z', '2026-11-20T10:00:07.000Z', 'failed', 'lane.unreachable', 'unavailable',
        'It was away.');
INSERT INTO job_triggers (job_id, source, detail_json, created_at)
    VALUES ('waiting', 'cli', '{}', '2026-11-20T10:00:00.000Z'), ('held', 'http', '{}', '2026-11-20T10:00:01.000Z'),
        ('waiting', 'http', '{"from":"page"}', '2026-11-20T10:00:12.000Z');
INSERT INTO job_log (job_id, attempt, level, message, created_at)
    VALUES ('broken', 1, 2, 'a line', '2026-11-20T10:00:06.500Z');
INSERT INTO eval_runs (id, job_id, recorded, visible, bench_id, lane_id, mean_normalized, created_at)
    VALUES ('run', 'good', 1, 1, 'b', 'mine', 0.5, '2026-11-20T10:00:11.000Z');
INSERT INTO eval_scores (eval_run_id, item_id, repeat, job_id, record_key, value, pass, created_at)
    VALUES ('run', 'i1', 0, 'good', 'i1', 0.5, 1, '2026-11-20T10:00:11.000Z');
INSERT INTO kv (plugin_id, key, value, updated_at) VALUES ('demo', x'6b', x'76', '2026-11-20T10:00:11.000Z');
INSERT INTO events (topic, key, created_at) VALUES ('job', 'waiting', '2026-11-20T10:00:00.000Z');
PRAGMA user_version = 1;
