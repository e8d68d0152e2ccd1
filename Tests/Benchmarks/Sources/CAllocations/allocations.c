#include "CAllocations.h"

#include <stdlib.h>

// mallinfo2 came with 2.33.
#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 33)
#define HAS_BOOKS 1
#endif
#endif

#ifdef HAS_BOOKS

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

// A program's own definitions of these take the place of the C library's for every library in it, the Swift runtime's
// calls among them. What is handed out is still the C library's, so `free` stays as it is.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic int64_t blocks;
static _Atomic int64_t bytes;

static void count(size_t size) {
    atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, (int64_t)size, memory_order_relaxed);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count(size);
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count(size);
    *block = __libc_memalign(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

bool allocations_are_known(void) { return true; }
int64_t allocations_made(void) { return atomic_load_explicit(&blocks, memory_order_relaxed); }
int64_t allocations_bytes_asked(void) { return atomic_load_explicit(&bytes, memory_order_relaxed); }

int64_t allocations_bytes_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    // The second: blocks so large that they are mapped by themselves.
    return (int64_t)(info.uordblks + info.hblkhd);
}

#else

bool allocations_are_known(void) { return false; }
int64_t allocations_made(void) { return 0; }
int64_t allocations_bytes_asked(void) { return 0; }
int64_t allocations_bytes_in_use(void) { return 0; }

#endif
