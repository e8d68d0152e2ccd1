#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this platform's allocator can be asked. Where it cannot, the other functions return 0.
bool allocations_are_known(void);

/// The blocks that this program has asked for so far.
int64_t allocations_made(void);

/// The bytes that it has asked for so far.
int64_t allocations_bytes_asked(void);

/// The bytes in blocks that are in use now, by the allocator's own books: its headers and rounding included.
int64_t allocations_bytes_in_use(void);

#endif
