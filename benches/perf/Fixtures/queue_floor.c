/*
 * The life of jobs in the tables of a store, as plainly as SQLite does it: the same rows are written in the same
 * transactions as by the store, and nothing is decided. What it takes is the floor of what a queue in these tables takes.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIME "2026-01-01T00:00:00.000Z"

typedef struct {
    char id[40], token[40];
    int attempt;
} lease;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check(sqlite3 *db, int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "queue_floor: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void text(sqlite3_stmt *statement, int index, const char *value) {
    sqlite3_bind_text(statement, index, value, -1, SQLITE_TRANSIENT);
}

static void run(sqlite3_stmt *statement) {
    check(sqlite3_db_handle(statement), sqlite3_step(statement));
    check(sqlite3_db_handle(statement), sqlite3_reset(statement));
}

/* Puts `count` jobs through the store in transactions of `batch`; seconds for enqueueing them and for the rest. */
void queue_floor(const char *path, int count, int batch, double *enqueue, double *work) {
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) exit(1);
    check(db, sqlite3_exec(db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", NULL, NULL, NULL));
    sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE"), *commit = prepare(db, "COMMIT");
    sqlite3_stmt *job = prepare(
        db, "INSERT INTO jobs (id, kind, status, payload_json, trigger, seed, max_attempts, enqueued_at) "
            "VALUES (?, 'demo/noop', 'queued', '{}', 'perf', '1', 3, ?)");
    sqlite3_stmt *trigger = prepare(
        db, "INSERT INTO job_triggers (job_id, event, source, detail_json, created_at) "
            "VALUES (?, 'enqueue', 'perf', '{}', ?)");
    sqlite3_stmt *event = prepare(db, "INSERT INTO events (topic, key, created_at) VALUES ('job', ?, ?)");
    sqlite3_stmt *claim = prepare(
        db, "UPDATE jobs SET status = 'dispatched', attempts = attempts + 1, dispatched_at = ?, run_after = NULL, "
            "lease_token = lower(hex(randomblob(16))) WHERE seq IN (SELECT seq FROM jobs INDEXED BY jobs_waiting "
            "WHERE status = 'queued' AND (run_after IS NULL OR run_after <= ?) ORDER BY priority DESC, seq LIMIT ?) "
            "RETURNING id, attempts, lease_token");
    sqlite3_stmt *attempt = prepare(
        db, "INSERT INTO job_attempts (job_id, attempt, lease_token, lease_expires_at, dispatcher_id, started_at, "
            "host_boot_id, host_pid_namespace, host_pid, host_start_ticks) VALUES (?, ?, ?, ?, 'd', ?, 'boot', 1, 1, 1)");
    sqlite3_stmt *started = prepare(
        db, "UPDATE jobs SET status = 'running', started_at = ifnull(started_at, ?), refusals = 0 "
            "WHERE id = ? AND attempts = ? AND lease_token = ? AND status = 'dispatched'");
    sqlite3_stmt *stamp = prepare(
        db, "UPDATE job_attempts SET plugin_id = 'demo', plugin_version = '1.0.0', plugin_sha256 = 'ab' "
            "WHERE job_id = ? AND attempt = ?");
    sqlite3_stmt *done = prepare(
        db, "UPDATE jobs SET status = 'done', result_json = '{}', finished_at = ?, run_after = NULL, lease_token = NULL "
            "WHERE id = ? AND attempts = ? AND lease_token = ? AND status = 'running'");
    sqlite3_stmt *ended = prepare(
        db, "UPDATE job_attempts SET outcome = 'done', finished_at = ? WHERE job_id = ? AND attempt = ?");
    lease *leases = calloc((size_t)batch, sizeof *leases);

    double start = seconds();
    for (int first = 0; first < count; first += batch) {
        run(begin);
        for (int index = 0; index < batch; index++) {
            char id[40];
            snprintf(id, sizeof id, "%08x%08x", (unsigned)(first + index) * 2654435761u, (unsigned)(first + index));
            text(job, 1, id), text(job, 2, TIME), run(job);
            text(trigger, 1, id), text(trigger, 2, TIME), run(trigger);
            text(event, 1, id), text(event, 2, TIME), run(event);
        }
        run(commit);
    }
    *enqueue = seconds() - start;

    start = seconds();
    while (1) {
        int taken = 0;
        run(begin);
        text(claim, 1, TIME), text(claim, 2, TIME), sqlite3_bind_int(claim, 3, batch);
        while (sqlite3_step(claim) == SQLITE_ROW) {
            lease *next = &leases[taken++];
            snprintf(next->id, sizeof next->id, "%s", (const char *)sqlite3_column_text(claim, 0));
            next->attempt = sqlite3_column_int(claim, 1);
            snprintf(next->token, sizeof next->token, "%s", (const char *)sqlite3_column_text(claim, 2));
        }
        check(db, sqlite3_reset(claim));
        for (lease *one = leases; one < leases + taken; one++) {
            text(attempt, 1, one->id), sqlite3_bind_int(attempt, 2, one->attempt), text(attempt, 3, one->token);
            text(attempt, 4, TIME), text(attempt, 5, TIME), run(attempt);
            text(event, 1, one->id), text(event, 2, TIME), run(event);
        }
        run(commit);
        if (taken == 0) break;
        run(begin);
        for (lease *one = leases; one < leases + taken; one++) {
            text(started, 1, TIME), text(started, 2, one->id), sqlite3_bind_int(started, 3, one->attempt);
            text(started, 4, one->token), run(started);
            text(stamp, 1, one->id), sqlite3_bind_int(stamp, 2, one->attempt), run(stamp);
            text(event, 1, one->id), text(event, 2, TIME), run(event);
        }
        run(commit);
        run(begin);
        for (lease *one = leases; one < leases + taken; one++) {
            text(done, 1, TIME), text(done, 2, one->id), sqlite3_bind_int(done, 3, one->attempt);
            text(done, 4, one->token), run(done);
            text(ended, 1, TIME), text(ended, 2, one->id), sqlite3_bind_int(ended, 3, one->attempt), run(ended);
            text(event, 1, one->id), text(event, 2, TIME), run(event);
        }
        run(commit);
    }
    *work = seconds() - start;
    free(leases);
    sqlite3_stmt *statement;
    while ((statement = sqlite3_next_stmt(db, NULL)) != NULL) sqlite3_finalize(statement);
    sqlite3_close(db);
}
