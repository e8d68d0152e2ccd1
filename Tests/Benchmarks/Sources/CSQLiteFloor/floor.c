#include "CSQLiteFloor.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BEGIN, COMMIT, REVISION, JOURNAL, ACCOUNT, BALANCE, EVENT, STATEMENTS };

static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [REVISION] = "SELECT revision FROM billing_accounts WHERE customer = ?1",
    [JOURNAL] =
        "INSERT INTO billing_journal (customer, revision, ordinal, kind, key, fingerprint, member, recorded_at, "
        "effective_at, receipt_subject_kind, receipt_subject, receipt_amount, receipt_overage, receipt_is_late, "
        "receipt_skipped, receipt_remaining, effect, meter, grant_id, amount, used_at, word) VALUES (?1, ?2, 0, "
        "'consume', ?3, ?4, 'member-1', ?5, ?5, 'meter', 'job_descriptions', ?7, 0, 0, 0, ?6, 'drawn', "
        "'job_descriptions', '1.0', ?7, ?5, 'allowance')",
    [EVENT] = "INSERT INTO billing_events (customer, revision, ordinal, event_id, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    [ACCOUNT] = "UPDATE billing_accounts SET revision = ?2, instant = ?3 WHERE customer = ?1",
    [BALANCE] =
        "UPDATE billing_balances SET used = used + ?2, last_used_at = ?3, grant_used = grant_used + ?2 "
        "WHERE customer = ?1 AND subject_kind = 'meter' AND subject = 'job_descriptions'",
};

struct billing_floor {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    // The revision of each account, as far as it is known: the floor looks each up once.
    int64_t *revisions;
    int account_count;
    int64_t instant;
    int result;
};

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint64_t next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

billing_floor *billing_floor_open(const char *path, int checkpoint_pages, int64_t cache_kibibytes) {
    billing_floor *floor = calloc(1, sizeof *floor);
    if (!floor) return NULL;
    char pragmas[256];
    snprintf(
        pragmas, sizeof pragmas,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = %d; "
        "PRAGMA cache_size = -%lld",
        checkpoint_pages, (long long)cache_kibibytes);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(path, &floor->database, flags, NULL);
    if (result == SQLITE_OK) result = sqlite3_exec(floor->database, pragmas, NULL, NULL, NULL);
    for (int index = 0; index < STATEMENTS && result == SQLITE_OK; index++)
        result = sqlite3_prepare_v3(
            floor->database, texts[index], -1, SQLITE_PREPARE_PERSISTENT, &floor->statements[index], NULL);
    if (result == SQLITE_OK) return floor;
    fprintf(stderr, "%s\n", sqlite3_errmsg(floor->database));
    billing_floor_close(floor);
    return NULL;
}

const char *billing_floor_error(billing_floor *floor) { return sqlite3_errmsg(floor->database); }

void billing_floor_close(billing_floor *floor) {
    for (int index = 0; index < STATEMENTS; index++) sqlite3_finalize(floor->statements[index]);
    sqlite3_close(floor->database);
    free(floor->revisions);
    free(floor);
}

// Runs a statement that gives no rows.
static void run(billing_floor *floor, int index) {
    int result = sqlite3_step(floor->statements[index]);
    sqlite3_reset(floor->statements[index]);
    if (result != SQLITE_DONE) floor->result = result;
}

static void bind(billing_floor *floor, int index, int parameter, const char *text) {
    sqlite3_bind_text(floor->statements[index], parameter, text, -1, SQLITE_STATIC);
}

// The revision that an account has in the file.
static int64_t stored_revision(billing_floor *floor, const char *customer) {
    bind(floor, REVISION, 1, customer);
    int64_t revision = 0;
    if (sqlite3_step(floor->statements[REVISION]) == SQLITE_ROW)
        revision = sqlite3_column_int64(floor->statements[REVISION], 0);
    sqlite3_reset(floor->statements[REVISION]);
    return revision;
}

static void write_use(
    billing_floor *floor, const char *customer, const char *key, int64_t revision, int64_t amount,
    uint64_t fingerprint) {
    sqlite3_stmt *statement = floor->statements[JOURNAL];
    bind(floor, JOURNAL, 1, customer);
    sqlite3_bind_int64(statement, 2, revision);
    bind(floor, JOURNAL, 3, key);
    sqlite3_bind_int64(statement, 4, (int64_t)fingerprint);
    sqlite3_bind_int64(statement, 5, floor->instant);
    sqlite3_bind_int64(statement, 6, 1000000000 - revision);
    sqlite3_bind_int64(statement, 7, amount);
    run(floor, JOURNAL);
}

// The rows of the events of a batch, which are named after its key.
static void write_events(billing_floor *floor, const char *customer, const char *key, int64_t revision, int count) {
    sqlite3_stmt *statement = floor->statements[EVENT];
    char event[64];
    bind(floor, EVENT, 1, customer);
    sqlite3_bind_int64(statement, 2, revision);
    sqlite3_bind_int64(statement, 5, floor->instant);
    for (int number = 0; number < count; number++) {
        snprintf(event, sizeof event, "%s-%d", key + strlen("request:"), number);
        sqlite3_bind_int64(statement, 3, number);
        bind(floor, EVENT, 4, event);
        run(floor, EVENT);
    }
}

static void write_account(billing_floor *floor, const char *customer, int64_t revision, int64_t uses) {
    bind(floor, ACCOUNT, 1, customer);
    sqlite3_bind_int64(floor->statements[ACCOUNT], 2, revision);
    sqlite3_bind_int64(floor->statements[ACCOUNT], 3, floor->instant);
    run(floor, ACCOUNT);
    bind(floor, BALANCE, 1, customer);
    sqlite3_bind_int64(floor->statements[BALANCE], 2, uses);
    sqlite3_bind_int64(floor->statements[BALANCE], 3, floor->instant);
    run(floor, BALANCE);
}

double billing_floor_run(
    billing_floor *floor, int64_t uses, int group, int accounts, int has_ordered_keys, int batch, uint64_t seed,
    uint32_t *latencies) {
    if (floor->account_count != accounts) {
        free(floor->revisions);
        floor->revisions = calloc((size_t)accounts, sizeof *floor->revisions);
        floor->account_count = accounts;
    }
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    floor->instant = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000;
    floor->result = SQLITE_DONE;
    uint64_t random = seed * 0x9E3779B97F4A7C15u + 1;
    char customer[32], key[48];
    double start = seconds();
    for (int64_t done = 0, round = 0; done < uses; round++) {
        double before = seconds();
        run(floor, BEGIN);
        int size = uses - done < group ? (int)(uses - done) : group;
        for (int member = 0; member < size; member++, done++) {
            int number = (int)(next(&random) % (uint64_t)accounts);
            snprintf(customer, sizeof customer, "customer-%08d", number);
            uint64_t first = has_ordered_keys ? seed << 40 | (uint64_t)done : next(&random);
            snprintf(
                key, sizeof key, "request:%016llx%016llx", (unsigned long long)first,
                (unsigned long long)next(&random));
            floor->instant++;
            if (floor->revisions[number] == 0) floor->revisions[number] = stored_revision(floor, customer);
            int64_t revision = ++floor->revisions[number];
            write_use(floor, customer, key, revision, batch, random);
            if (batch > 1) write_events(floor, customer, key, revision, batch);
            if (accounts > 1) write_account(floor, customer, revision, batch);
            if (accounts == 1 && member == size - 1) write_account(floor, customer, revision, (int64_t)size * batch);
        }
        run(floor, COMMIT);
        if (floor->result != SQLITE_DONE) return -1;
        latencies[round] = (uint32_t)((seconds() - before) * 1e6);
    }
    return seconds() - start;
}

int billing_floor_ask(const char *path, const char *question, int64_t *answer) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL);
    if (result == SQLITE_OK) result = sqlite3_prepare_v2(database, question, -1, &statement, NULL);
    int has_answer = result == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
    if (has_answer) *answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return has_answer ? 0 : 1;
}
