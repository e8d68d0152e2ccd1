#ifndef CCRYPTOFLOOR_H
#define CCRYPTOFLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Puts the digest of some bytes into 32 others.
void crypto_floor_hash(const void *bytes, size_t count, uint8_t *digest);

/// A key of which the part that depends on the key alone is already done.
typedef struct crypto_floor_key crypto_floor_key;

crypto_floor_key *crypto_floor_key_make(const void *bytes, size_t count);
void crypto_floor_key_free(crypto_floor_key *key);

/// Whether a delivery of Standard Webhooks is genuine and recent, with no more than has to be done: the headers have the
/// lengths that they have and are not looked at otherwise.
bool crypto_floor_verify(
    const crypto_floor_key *key, const char *identifier, const char *timestamp, const char *signature, const void *body,
    size_t body_count, int64_t now);

#endif
