#ifndef CSQLITE_FLOOR_H
#define CSQLITE_FLOOR_H

#include <stdint.h>

// The least that a program in C has to do to write the rows of a use durably: what the store is compared with.
//
// It writes into a file that the store has made, with its tables and indexes: one row in the journal, with the key in
// its index, the account's revision, and the balance's numbers. It decides nothing, looks nothing up, and gives no
// answers. One transaction and one flush for each group; commands of a group on one account share its two rows.

typedef struct billing_floor billing_floor;

// Opens a file with WAL, synchronous FULL and an automatic checkpoint after so many pages; NULL when that fails.
billing_floor *billing_floor_open(const char *path, int checkpoint_pages, int64_t cache_kibibytes);

// Writes groups of uses until so many are done; returns the seconds that it took, or a negative number on an error.
// Accounts are used evenly and in no order; with one account, its rows are written once for a group.
// The microseconds that each group took go into `latencies`, which has room for all of them.
// With a batch larger than 1, each use is one of so many units under one key, and has a row for each of so many events.
double billing_floor_run(
    billing_floor *floor, int64_t uses, int group, int accounts, int has_ordered_keys, int batch, uint64_t seed,
    uint32_t *latencies);

// What went wrong.
const char *billing_floor_error(billing_floor *floor);

// Asks a file a question that has one number for an answer; returns 0 when there is one.
int billing_floor_ask(const char *path, const char *question, int64_t *answer);

void billing_floor_close(billing_floor *floor);

#endif
