#ifdef BENCH_POSTGRES

#include "CPostgresFloor.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BEGIN, ACCOUNT, BALANCE, JOURNAL, COMMIT, STATEMENTS };
enum { MAXIMUM_COLUMNS = 6, INT8 = 20, TEXT = 25, INT8_ARRAY = 1016, TEXT_ARRAY = 1009 };

static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [ACCOUNT] =
        "UPDATE billing_accounts SET revision = p.revision, instant = p.instant "
        "FROM unnest($1::text[], $2::int8[], $3::int8[]) AS p(customer, revision, instant) "
        "WHERE billing_accounts.customer = p.customer",
    [BALANCE] =
        "UPDATE billing_balances SET used = used + $2::int8, last_used_at = p.instant, "
        "grant_used = grant_used + $2::int8 FROM unnest($1::text[], $3::int8[]) "
        "AS p(customer, instant) WHERE billing_balances.customer = p.customer AND subject_kind = 'meter' "
        "AND subject = 'job_descriptions'",
    [JOURNAL] =
        "INSERT INTO billing_journal (customer, revision, ordinal, kind, key, fingerprint, member, recorded_at, "
        "effective_at, receipt_subject_kind, receipt_subject, receipt_amount, receipt_overage, receipt_is_late, "
        "receipt_skipped, receipt_remaining, effect, meter, grant_id, amount, used_at, word) SELECT p.customer, "
        "p.revision, 0, 'consume', p.key, p.fingerprint, 'member-1', p.instant, p.instant, 'meter', "
        "'job_descriptions', 1, 0, 0, 0, p.remaining, 'drawn', 'job_descriptions', '1.0', 1, p.instant, 'allowance' "
        "FROM unnest($1::text[], $2::int8[], $3::text[], $4::int8[], $5::int8[], $6::int8[]) "
        "AS p(customer, revision, key, fingerprint, instant, remaining)",
    [COMMIT] = "COMMIT",
};

// Arrays of texts and of integers, and an integer that is the same for all rows.
static const char types[STATEMENTS][MAXIMUM_COLUMNS + 1] = {
    [ACCOUNT] = "tii", [BALANCE] = "tni", [JOURNAL] = "titiii"};

// A column: an array in binary form, or one value.
struct column {
    char *bytes;
    size_t count, capacity;
};

struct connection {
    struct billing_pg_floor *floor;
    PGconn *handle;
    struct column columns[STATEMENTS][MAXIMUM_COLUMNS];
    // What one run is to do, and what came of it.
    int64_t uses;
    int group, number, connections;
    uint64_t random;
    uint32_t *latencies;
    int64_t groups;
    int has_failed;
};

struct billing_pg_floor {
    struct connection *connections;
    int connection_count;
    int account_count;
    int64_t *revisions;
    // The group in which an account was last used, so that none is in one group twice.
    int64_t *marks;
    char error[512];
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

static void reserve(struct column *column, size_t more) {
    if (column->count + more <= column->capacity) return;
    column->capacity = 2 * (column->count + more);
    column->bytes = realloc(column->bytes, column->capacity);
    if (!column->bytes) abort();
}

static void add_int4(struct column *column, uint32_t value) {
    reserve(column, 4);
    value = htonl(value);
    memcpy(column->bytes + column->count, &value, 4);
    column->count += 4;
}

static void add_int8(struct column *column, int64_t value) {
    add_int4(column, (uint32_t)((uint64_t)value >> 32));
    add_int4(column, (uint32_t)value);
}

static void add_number(struct column *column, int64_t value) {
    add_int4(column, 8);
    add_int8(column, value);
}

static void add_text(struct column *column, const char *text) {
    size_t length = strlen(text);
    add_int4(column, (uint32_t)length);
    reserve(column, length);
    memcpy(column->bytes + column->count, text, length);
    column->count += length;
}

static void begin(struct connection *connection, int statement, int rows) {
    for (int index = 0; types[statement][index]; index++) {
        struct column *column = &connection->columns[statement][index];
        column->count = 0;
        if (types[statement][index] == 'n') continue;
        add_int4(column, 1);
        add_int4(column, 0);
        add_int4(column, types[statement][index] == 't' ? TEXT : INT8);
        add_int4(column, (uint32_t)rows);
        add_int4(column, 1);
    }
}

static int fail(struct connection *connection, const char *words) {
    snprintf(connection->floor->error, sizeof connection->floor->error, "%s", words);
    connection->has_failed = 1;
    return 0;
}

// Reads all results up to the mark that ends the round trip.
static int finish(struct connection *connection) {
    if (PQpipelineSync(connection->handle) != 1) return fail(connection, PQerrorMessage(connection->handle));
    for (int empty = 0; empty < 2;) {
        PGresult *result = PQgetResult(connection->handle);
        if (!result) {
            empty++;
            continue;
        }
        empty = 0;
        ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_SYNC)
            fail(connection, PQresultErrorMessage(result));
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC) break;
    }
    return !connection->has_failed;
}

static int send_statement(struct connection *connection, int statement) {
    const char *values[MAXIMUM_COLUMNS];
    int lengths[MAXIMUM_COLUMNS], formats[MAXIMUM_COLUMNS], count = 0;
    for (; types[statement][count]; count++) {
        values[count] = connection->columns[statement][count].bytes;
        lengths[count] = (int)connection->columns[statement][count].count;
        formats[count] = 1;
    }
    char name[8];
    snprintf(name, sizeof name, "s%d", statement);
    if (PQsendQueryPrepared(connection->handle, name, count, values, lengths, formats, 1) == 1) return 1;
    return fail(connection, PQerrorMessage(connection->handle));
}

static int open_connection(struct connection *connection, const char *target) {
    connection->handle = PQconnectdb(target);
    if (PQstatus(connection->handle) != CONNECTION_OK) return fail(connection, PQerrorMessage(connection->handle));
    PQclear(PQexec(connection->handle, "SET plan_cache_mode = force_generic_plan"));
    if (PQenterPipelineMode(connection->handle) != 1) return fail(connection, "There is no pipeline mode.");
    for (int index = 0; index < STATEMENTS; index++) {
        char name[8];
        snprintf(name, sizeof name, "s%d", index);
        if (PQsendPrepare(connection->handle, name, texts[index], 0, NULL) != 1)
            return fail(connection, PQerrorMessage(connection->handle));
    }
    return finish(connection);
}

// Learns the revision of each account by its number.
static int learn_revisions(billing_pg_floor *floor, const char *target) {
    PGconn *handle = PQconnectdb(target);
    PGresult *result = PQexec(handle, "SELECT customer, revision FROM billing_accounts");
    int is_read = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!is_read) snprintf(floor->error, sizeof floor->error, "%s", PQerrorMessage(handle));
    for (int row = 0; is_read && row < PQntuples(result); row++) {
        int number = atoi(PQgetvalue(result, row, 0) + strlen("customer-"));
        if (number >= 0 && number < floor->account_count) floor->revisions[number] = atoll(PQgetvalue(result, row, 1));
    }
    PQclear(result);
    PQfinish(handle);
    return is_read;
}

billing_pg_floor *billing_pg_floor_open(const char *target, int connections, int accounts) {
    billing_pg_floor *floor = calloc(1, sizeof *floor);
    if (!floor) return NULL;
    floor->connection_count = connections;
    floor->account_count = accounts;
    floor->connections = calloc((size_t)connections, sizeof *floor->connections);
    floor->revisions = calloc((size_t)accounts, sizeof *floor->revisions);
    floor->marks = calloc((size_t)accounts, sizeof *floor->marks);
    int is_open = floor->connections && floor->revisions && floor->marks && learn_revisions(floor, target);
    for (int index = 0; is_open && index < connections; index++) {
        floor->connections[index].floor = floor;
        is_open = open_connection(&floor->connections[index], target);
    }
    if (is_open) return floor;
    fprintf(stderr, "%s\n", floor->error);
    billing_pg_floor_close(floor);
    return NULL;
}

const char *billing_pg_floor_error(billing_pg_floor *floor) { return floor->error; }

void billing_pg_floor_close(billing_pg_floor *floor) {
    for (int index = 0; floor->connections && index < floor->connection_count; index++) {
        struct connection *connection = &floor->connections[index];
        for (int statement = 0; statement < STATEMENTS; statement++)
            for (int column = 0; column < MAXIMUM_COLUMNS; column++) free(connection->columns[statement][column].bytes);
        PQfinish(connection->handle);
    }
    free(floor->connections);
    free(floor->revisions);
    free(floor->marks);
    free(floor);
}

// Draws one of the connection's own accounts that is not in the group yet; where there is one account, that.
static int draw(struct connection *connection, int64_t mark) {
    billing_pg_floor *floor = connection->floor;
    if (floor->account_count == 1) return 0;
    while (1) {
        uint64_t share = (uint64_t)(floor->account_count / connection->connections);
        int number = (int)(next(&connection->random) % share) * connection->connections + connection->number;
        if (floor->marks[number] == mark) continue;
        floor->marks[number] = mark;
        return number;
    }
}

static void add_use(struct connection *connection, int number, int64_t instant) {
    struct column *journal = connection->columns[JOURNAL];
    char customer[32], key[48];
    snprintf(customer, sizeof customer, "customer-%08d", number);
    uint64_t first = next(&connection->random), second = next(&connection->random);
    snprintf(
        key, sizeof key, "request:%016llx%016llx", (unsigned long long)first, (unsigned long long)second);
    int64_t revision = ++connection->floor->revisions[number];
    add_text(&journal[0], customer);
    add_number(&journal[1], revision);
    add_text(&journal[2], key);
    add_number(&journal[3], (int64_t)second);
    add_number(&journal[4], instant);
    add_number(&journal[5], 1000000000 - revision);
}

static void add_account(struct connection *connection, int number, int64_t uses, int64_t instant) {
    char customer[32];
    snprintf(customer, sizeof customer, "customer-%08d", number);
    struct column *account = connection->columns[ACCOUNT], *balance = connection->columns[BALANCE];
    add_text(&account[0], customer);
    add_number(&account[1], connection->floor->revisions[number]);
    add_number(&account[2], instant);
    add_text(&balance[0], customer);
    balance[1].count = 0;
    add_int8(&balance[1], uses);
    add_number(&balance[2], instant);
}

static void *run_connection(void *argument) {
    struct connection *connection = argument;
    int is_hot = connection->floor->account_count == 1;
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    int64_t instant = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000;
    connection->groups = 0;
    connection->has_failed = 0;
    for (int64_t done = 0; done < connection->uses && !connection->has_failed;) {
        double before = seconds();
        int size = connection->uses - done < connection->group ? (int)(connection->uses - done) : connection->group;
        begin(connection, ACCOUNT, is_hot ? 1 : size);
        begin(connection, BALANCE, is_hot ? 1 : size);
        begin(connection, JOURNAL, size);
        int64_t mark = instant;
        for (int member = 0; member < size; member++, done++) {
            int number = draw(connection, mark);
            add_use(connection, number, ++instant);
            if (!is_hot) add_account(connection, number, 1, instant);
        }
        if (is_hot) add_account(connection, 0, size, instant);
        for (int statement = 0; statement < STATEMENTS && !connection->has_failed; statement++)
            send_statement(connection, statement);
        if (!connection->has_failed) finish(connection);
        connection->latencies[connection->groups++] = (uint32_t)((seconds() - before) * 1e6);
    }
    return NULL;
}

double billing_pg_floor_run(
    billing_pg_floor *floor, int64_t uses, int callers, uint64_t seed, uint32_t *latencies, int64_t *groups) {
    int connections = floor->account_count == 1 || callers < floor->connection_count ? 1 : floor->connection_count;
    pthread_t threads[64];
    int64_t share = uses / connections;
    double start = seconds();
    for (int index = 0; index < connections; index++) {
        struct connection *connection = &floor->connections[index];
        connection->uses = index == connections - 1 ? uses - share * (connections - 1) : share;
        connection->group = callers / connections;
        connection->number = index;
        connection->connections = connections;
        connection->random = seed * 0x9E3779B97F4A7C15u + (uint64_t)index * 0xD1B54A32D192ED03u + 1;
        connection->latencies = latencies + share * index;
        if (pthread_create(&threads[index], NULL, run_connection, connection) != 0) return -1;
    }
    int has_failed = 0;
    *groups = 0;
    for (int index = 0; index < connections; index++) {
        struct connection *connection = &floor->connections[index];
        pthread_join(threads[index], NULL);
        has_failed |= connection->has_failed;
        memmove(latencies + *groups, connection->latencies, (size_t)connection->groups * sizeof *latencies);
        *groups += connection->groups;
    }
    return has_failed ? -1 : seconds() - start;
}

int billing_pg_ask(const char *target, const char *sql, int64_t *answer) {
    PGconn *handle = PQconnectdb(target);
    PGresult *result = PQexec(handle, sql);
    ExecStatusType status = PQresultStatus(result);
    int is_well = answer ? status == PGRES_TUPLES_OK && PQntuples(result) == 1 : status == PGRES_COMMAND_OK;
    if (!is_well) fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(handle));
    if (is_well && answer) *answer = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(handle);
    return is_well ? 0 : 1;
}

#endif
