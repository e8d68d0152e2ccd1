#include "CCryptoFloor.h"

#ifdef BENCH_CRYPTO

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

struct crypto_floor_key {
    SHA256_CTX inner, outer;
};

void crypto_floor_hash(const void *bytes, size_t count, uint8_t *digest) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, count);
    SHA256_Final(digest, &context);
}

crypto_floor_key *crypto_floor_key_make(const void *bytes, size_t count) {
    crypto_floor_key *key = malloc(sizeof *key);
    uint8_t inner[64], outer[64];
    if (key == NULL || count > sizeof inner) {
        abort();
    }
    memset(inner, 0x36, sizeof inner);
    memset(outer, 0x5c, sizeof outer);
    for (size_t i = 0; i < count; i++) {
        inner[i] ^= ((const uint8_t *)bytes)[i];
        outer[i] ^= ((const uint8_t *)bytes)[i];
    }
    SHA256_Init(&key->inner);
    SHA256_Update(&key->inner, inner, sizeof inner);
    SHA256_Init(&key->outer);
    SHA256_Update(&key->outer, outer, sizeof outer);
    return key;
}

void crypto_floor_key_free(crypto_floor_key *key) { free(key); }

bool crypto_floor_verify(
    const crypto_floor_key *key, const char *identifier, const char *timestamp, const char *signature, const void *body,
    size_t body_count, int64_t now) {
    int64_t seconds = 0;
    for (const char *digit = timestamp; *digit != '\0'; digit++) {
        seconds = seconds * 10 + (*digit - '0');
    }
    if (now - seconds > 300 || seconds - now > 300) {
        return false;
    }
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX inner = key->inner, outer = key->outer;
    SHA256_Update(&inner, identifier, strlen(identifier));
    SHA256_Update(&inner, ".", 1);
    SHA256_Update(&inner, timestamp, strlen(timestamp));
    SHA256_Update(&inner, ".", 1);
    SHA256_Update(&inner, body, body_count);
    SHA256_Final(digest, &inner);
    SHA256_Update(&outer, digest, sizeof digest);
    SHA256_Final(digest, &outer);
    // 44 characters and a zero.
    uint8_t text[45];
    EVP_EncodeBlock(text, digest, sizeof digest);
    return memcmp(signature, "v1,", 3) == 0 && strlen(signature) == 47 && CRYPTO_memcmp(text, signature + 3, 44) == 0;
}

#endif
