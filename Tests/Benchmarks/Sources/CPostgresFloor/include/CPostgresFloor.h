#ifndef CPOSTGRES_FLOOR_H
#define CPOSTGRES_FLOOR_H

#include <stdint.h>

// The least that a program in C has to do to have PostgreSQL write the rows of a use durably: what the store is compared
// with.
//
// It writes into tables that the store has made: one row in the journal, with the key in its index, the account's
// revision, and the balance's numbers. It decides nothing, locks nothing ahead, looks nothing up, and gives no answers. One
// transaction, one round trip and one flush for each group, whose rows go as binary arrays to statements that are
// prepared; uses of a group on one account share its two rows.

typedef struct billing_pg_floor billing_pg_floor;

// Connects so many times to a database and learns the revision of so many accounts; NULL when that fails.
billing_pg_floor *billing_pg_floor_open(const char *target, int connections, int accounts);

// Writes groups of uses until so many are done; returns the seconds that it took, or a negative number on an error.
// Each connection writes groups of its share of `callers`, on accounts of its own, evenly and in no order; one account has
// one connection, which writes groups of them all. The microseconds that each group took go into `latencies`, which has
// room for as many as there are uses, and their number into `groups`.
double billing_pg_floor_run(
    billing_pg_floor *floor, int64_t uses, int callers, uint64_t seed, uint32_t *latencies, int64_t *groups);

// What went wrong.
const char *billing_pg_floor_error(billing_pg_floor *floor);

void billing_pg_floor_close(billing_pg_floor *floor);

// Asks a question that has one number for an answer, or has a statement run; returns 0 when that went well. Without an
// `answer` none is expected.
int billing_pg_ask(const char *target, const char *sql, int64_t *answer);

#endif
