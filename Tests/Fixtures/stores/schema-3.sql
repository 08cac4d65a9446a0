-- A store as schema 3 made it, with rows. Never changed: files like it are in use.
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
    checkpoint_plugin_sha256 TEXT, lane_id TEXT, lane_alone INTEGER NOT NULL DEFAULT 0 CHECK (lane_alone IN (0, 1)), needs_gpu INTEGER NOT NULL DEFAULT 0 CHECK (needs_gpu IN (0, 1)), refusals INTEGER NOT NULL DEFAULT 0, error_detail_json TEXT,
    CHECK ((status IN ('dispatched', 'running')) = (lease_token IS NOT NULL)),
    CHECK ((status IN ('done', 'failed', 'skipped')) = (finished_at IS NOT NULL))
) STRICT;
INSERT INTO jobs VALUES(1,'waiting','demo/sleep','queued',NULL,3,'{"bench_id":"b","lane_id":"mine"}','k','cli','18446744073709551615',1500,NULL,NULL,NULL,NULL,NULL,0,0,0,0,3,NULL,NULL,'2026-11-20T10:00:00.000Z',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'mine',1,1,2,NULL);
INSERT INTO jobs VALUES(2,'held','demo/sleep','running',NULL,0,'{}',NULL,'http','7',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,0,3,'aa',NULL,'2026-11-20T10:00:01.000Z','2026-11-20T10:00:02.000Z','2026-11-20T10:00:03.000Z',NULL,NULL,NULL,X'0102',1,'ab',NULL,0,0,0,NULL);
INSERT INTO jobs VALUES(3,'broken','demo/sleep','failed',NULL,0,'{"lane_id":7}',NULL,'cli','8',NULL,NULL,'lane.unreachable','unavailable','It was away.','Start it.',1,1,0,0,1,NULL,NULL,'2026-11-20T10:00:04.000Z','2026-11-20T10:00:05.000Z','2026-11-20T10:00:06.000Z','2026-11-20T10:00:07.000Z',NULL,NULL,NULL,0,NULL,NULL,0,0,0,NULL);
INSERT INTO jobs VALUES(4,'good','demo/sleep','done',NULL,0,'{}',NULL,'cli','9',NULL,'{"n":1}',NULL,NULL,NULL,NULL,1,0,0,0,1,NULL,NULL,'2026-11-20T10:00:08.000Z','2026-11-20T10:00:09.000Z','2026-11-20T10:00:10.000Z','2026-11-20T10:00:11.000Z',NULL,NULL,NULL,0,NULL,NULL,0,0,0,NULL);
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
INSERT INTO job_attempts VALUES('held',1,'aa','2026-11-20T10:00:32.000Z','d','boot',4026531836,100,5,101,6,NULL,NULL,NULL,'2026-11-20T10:00:02.000Z',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO job_attempts VALUES('broken',1,'bb','2026-11-20T10:00:35.000Z','d','boot',4026531836,100,5,NULL,NULL,'demo','1.0.0','ab','2026-11-20T10:00:05.000Z','2026-11-20T10:00:07.000Z','failed','lane.unreachable','unavailable','It was away.',NULL);
CREATE TABLE job_triggers (
    id INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    detail_json TEXT NOT NULL,
    created_at TEXT NOT NULL
, event TEXT NOT NULL DEFAULT 'enqueue'
    CHECK (event IN ('enqueue', 'coalesce', 'retry', 'rescue', 'refusal')), count INTEGER NOT NULL DEFAULT 1, last_at TEXT) STRICT;
INSERT INTO job_triggers VALUES(1,'waiting','cli','{}','2026-11-20T10:00:00.000Z','enqueue',1,NULL);
INSERT INTO job_triggers VALUES(2,'held','http','{}','2026-11-20T10:00:01.000Z','enqueue',1,NULL);
INSERT INTO job_triggers VALUES(3,'waiting','http','{"from":"page"}','2026-11-20T10:00:12.000Z','coalesce',1,NULL);
INSERT INTO job_triggers VALUES(4,'waiting','budget_defer','{}','2026-11-20T10:00:14.000Z','refusal',2,'2026-11-20T10:00:15.000Z');
CREATE TABLE job_log (
    id INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    level INTEGER NOT NULL,
    message TEXT NOT NULL,
    fields_json TEXT,
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO job_log VALUES(1,'broken',1,2,'a line',NULL,'2026-11-20T10:00:06.500Z');
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
INSERT INTO eval_runs VALUES('run','good',1,1,'b',NULL,'mine',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-20T10:00:11.000Z');
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
INSERT INTO eval_scores VALUES('run','i1',0,'good','i1',0.5,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-20T10:00:11.000Z');
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
INSERT INTO kv VALUES('demo',X'6b',X'76','2026-11-20T10:00:11.000Z');
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO events VALUES(1,'job','waiting','2026-11-20T10:00:00.000Z');
INSERT INTO events VALUES(2,'schedule','nightly','2026-11-20T10:00:12.500Z');
CREATE TABLE paused_kinds (
    kind TEXT PRIMARY KEY,
    reason TEXT,
    paused_at TEXT NOT NULL
) STRICT;
INSERT INTO paused_kinds VALUES('demo/paused','its lane is away','2026-11-20T10:00:13.000Z');
CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    cron TEXT,
    every_s INTEGER CHECK (every_s > 0),
    tz TEXT NOT NULL,
    catch_up TEXT NOT NULL CHECK (catch_up IN ('skip', 'once', 'all')),
    enabled INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    last_fired_at TEXT,
    next_run_at TEXT,
    planned_at TEXT NOT NULL,
    CHECK ((cron IS NULL) <> (every_s IS NULL)),
    CHECK (enabled = 1 OR next_run_at IS NULL)
) STRICT;
INSERT INTO schedules VALUES('nightly','sleep/sleep','{"seconds":1}','0 3 * * *',NULL,'Europe/Berlin','once',1,'2026-11-20T10:00:12.000Z',NULL,'2026-11-21T02:00:00.000Z','2026-11-20T10:00:12.500Z');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('jobs',4);
INSERT INTO sqlite_sequence VALUES('events',2);
CREATE INDEX jobs_queue ON jobs (priority DESC, seq) WHERE status = 'queued';
CREATE INDEX jobs_by_status ON jobs (status, seq);
CREATE UNIQUE INDEX jobs_live_dedup ON jobs (dedup_key)
    WHERE status IN ('queued', 'dispatched', 'running');
CREATE INDEX job_attempts_live ON job_attempts (job_id) WHERE outcome IS NULL;
CREATE INDEX job_triggers_by_job ON job_triggers (job_id);
CREATE INDEX job_log_by_job ON job_log (job_id, id);
CREATE INDEX eval_runs_by_job ON eval_runs (job_id);
CREATE INDEX eval_runs_by_bench ON eval_runs (bench_id, lane_id) WHERE visible = 1;
CREATE UNIQUE INDEX eval_scores_by_key ON eval_scores (job_id, record_key);
CREATE INDEX plugin_records_by_type ON plugin_records (plugin_id, record_type) WHERE visible = 1;
CREATE INDEX jobs_due ON jobs (run_after) WHERE status = 'queued' AND run_after IS NOT NULL;
CREATE INDEX jobs_wanting_alone ON jobs (lane_id) WHERE status = 'queued' AND lane_alone = 1;
CREATE UNIQUE INDEX job_triggers_refusals ON job_triggers (job_id, source) WHERE event = 'refusal';
CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;
PRAGMA user_version = 3;
