// Without the trait there is no library to be a layer of.
#ifdef BILLINGKIT_SQLITE

#include "power_loss_vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { sector_size = 512, maximum_files = 8, maximum_name = 200 };

// One of the two images of a file.
typedef struct image {
    unsigned char *bytes;
    int64_t size;
    bool exists;
} image;

typedef struct file {
    char name[maximum_name];
    // What is read back, and what is there without power.
    image present, durable;
    // The sectors in which the two may differ.
    unsigned char *is_marked;
    // A multiple of the sector's size.
    int64_t capacity;
} file;

struct power_loss_disk {
    sqlite3_vfs layer;
    char name[64];
    file files[maximum_files];
    int count;
    // Handles from before a restart have an older number.
    int64_t life;
    uint64_t random;

    int64_t changes;
    int64_t changes_left;
    power_loss_place place;
    bool is_off;
    power_loss_place place_of_cut;

    power_loss_fault fault;
    int64_t fault_first, fault_last, fault_calls, failures;
};

typedef struct handle {
    sqlite3_file base;
    power_loss_disk *disk;
    file *file;
    int64_t life;
} handle;

static uint64_t next_random(power_loss_disk *disk) {
    uint64_t mixed = disk->random += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

// Files

static file *find(power_loss_disk *disk, const char *name) {
    for (int index = 0; index < disk->count; index++) {
        if (strcmp(disk->files[index].name, name) == 0) return &disk->files[index];
    }
    return NULL;
}

static file *find_or_create(power_loss_disk *disk, const char *name) {
    file *known = find(disk, name);
    if (known != NULL) return known;
    if (disk->count == maximum_files || strlen(name) >= maximum_name) return NULL;
    file *created = &disk->files[disk->count++];
    memset(created, 0, sizeof *created);
    strcpy(created->name, name);
    return created;
}

static bool extend(unsigned char **bytes, int64_t from, int64_t to) {
    unsigned char *longer = realloc(*bytes, (size_t)to);
    if (longer == NULL) return false;
    memset(longer + from, 0, (size_t)(to - from));
    *bytes = longer;
    return true;
}

static bool reserve(file *file, int64_t size) {
    if (size <= file->capacity) return true;
    int64_t capacity = file->capacity == 0 ? 65536 : file->capacity;
    while (capacity < size) capacity *= 2;
    if (!extend(&file->present.bytes, file->capacity, capacity)) return false;
    if (!extend(&file->durable.bytes, file->capacity, capacity)) return false;
    if (!extend(&file->is_marked, file->capacity / sector_size, capacity / sector_size)) return false;
    file->capacity = capacity;
    return true;
}

static void mark(file *file, int64_t from, int64_t to) {
    for (int64_t sector = from / sector_size; sector * sector_size < to; sector++) file->is_marked[sector] = 1;
}

static power_loss_place place_of(const file *file) {
    size_t length = strlen(file->name);
    if (length > 4 && strcmp(file->name + length - 4, "-wal") == 0) return power_loss_place_log;
    if (length > 8 && strcmp(file->name + length - 8, "-journal") == 0) return power_loss_place_other;
    return power_loss_place_database;
}

// Losses and faults

// Whether a call fails that a fault can befall.
static bool befalls(power_loss_disk *disk, bool is_of_its_kind) {
    if (disk->fault_first == 0 || !is_of_its_kind) return false;
    disk->fault_calls++;
    if (disk->fault_calls < disk->fault_first || disk->fault_calls > disk->fault_last) return false;
    disk->failures++;
    return true;
}

static bool fails(power_loss_disk *disk) {
    return befalls(disk, disk->fault == power_loss_fault_io);
}

static bool is_gone(const handle *handle) {
    return handle->disk->is_off || handle->life != handle->disk->life;
}

// Counts a change, and cuts the power if it is the one.
static bool is_cut(power_loss_disk *disk, const file *file, bool is_sync) {
    disk->changes++;
    if (disk->changes_left == 0) return false;
    if (disk->place == power_loss_place_sync && !is_sync) return false;
    if (disk->place < power_loss_place_sync && disk->place > power_loss_place_any && disk->place != place_of(file)) {
        return false;
    }
    if (--disk->changes_left > 0) return false;
    disk->is_off = true;
    disk->place_of_cut = place_of(file);
    return true;
}

// Decides for each sector that was not flushed what is left of it.
static void lose_sectors(power_loss_disk *disk, file *file, int64_t size) {
    for (int64_t sector = 0; sector * sector_size < size; sector++) {
        if (!file->is_marked[sector]) continue;
        unsigned char *left = file->durable.bytes + sector * sector_size;
        const unsigned char *written = file->present.bytes + sector * sector_size;
        uint64_t chance = next_random(disk);
        size_t part = (size_t)((chance >> 8) % sector_size);
        // Where nothing had been flushed before, there may be anything.
        bool is_new = sector * sector_size >= file->durable.size;
        if (is_new && chance % 16 == 15) memset(left, (int)(chance >> 32), sector_size);
        switch (chance % 4) {
        case 0: break;
        case 1: memcpy(left, written, part); break;
        case 2: memcpy(left + part, written + part, sector_size - part); break;
        default: memcpy(left, written, sector_size); break;
        }
    }
}

static void lose(power_loss_disk *disk, file *file) {
    if (file->capacity == 0) return;
    // A quarter of the losses keep nothing of a file and a quarter keep all of it: chance alone would do neither.
    uint64_t chance = next_random(disk);
    bool keeps_all = chance % 4 == 0, keeps_nothing = chance % 4 == 1;
    bool keeps_size = keeps_all || (!keeps_nothing && chance / 4 % 2 == 0);
    bool keeps_name = keeps_all || (!keeps_nothing && chance / 8 % 2 == 0);
    int64_t size = keeps_size ? file->present.size : file->durable.size;
    if (keeps_all) {
        memcpy(file->durable.bytes, file->present.bytes, (size_t)size);
    } else if (!keeps_nothing) {
        lose_sectors(disk, file, size);
    }
    file->durable.size = size;
    if (keeps_name) file->durable.exists = file->present.exists;
    if (!file->durable.exists) file->durable.size = 0;
    memset(file->durable.bytes + file->durable.size, 0, (size_t)(file->capacity - file->durable.size));
    memcpy(file->present.bytes, file->durable.bytes, (size_t)file->capacity);
    file->present.size = file->durable.size;
    file->present.exists = file->durable.exists;
    memset(file->is_marked, 0, (size_t)(file->capacity / sector_size));
}

// What SQLite calls on a file

static int close_file(sqlite3_file *base) {
    (void)base;
    return SQLITE_OK;
}

static int read_file(sqlite3_file *base, void *into, int count, sqlite3_int64 offset) {
    handle *handle = (struct handle *)base;
    if (is_gone(handle) || fails(handle->disk)) return SQLITE_IOERR_READ;
    int64_t available = handle->file->present.size - offset;
    if (available < 0) available = 0;
    if (available > count) available = count;
    // Of the database SQLite takes a short read for the end of the file, which a file system that reads on says it is.
    bool may_be_short = handle->disk->fault == power_loss_fault_short_read && place_of(handle->file) == power_loss_place_log;
    if (available > 0 && befalls(handle->disk, may_be_short)) available /= 2;
    if (available > 0) memcpy(into, handle->file->present.bytes + offset, (size_t)available);
    if (available == count) return SQLITE_OK;
    memset((char *)into + available, 0, (size_t)(count - available));
    return SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *base, const void *from, int count, sqlite3_int64 offset) {
    handle *handle = (struct handle *)base;
    if (is_gone(handle) || fails(handle->disk)) return SQLITE_IOERR_WRITE;
    bool is_full = befalls(handle->disk, handle->disk->fault == power_loss_fault_full);
    // What fits is written.
    if (is_full) count /= 2;
    file *file = handle->file;
    if (!reserve(file, offset + count + sector_size)) return SQLITE_NOMEM;
    memcpy(file->present.bytes + offset, from, (size_t)count);
    if (offset + count > file->present.size) file->present.size = offset + count;
    mark(file, offset, offset + count);
    if (is_full) return SQLITE_FULL;
    return is_cut(handle->disk, file, false) ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
    handle *handle = (struct handle *)base;
    if (is_gone(handle) || fails(handle->disk)) return SQLITE_IOERR_TRUNCATE;
    file *file = handle->file;
    if (size < file->present.size) {
        memset(file->present.bytes + size, 0, (size_t)(file->present.size - size));
        mark(file, size, file->present.size);
        file->present.size = size;
    }
    return is_cut(handle->disk, file, false) ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int sync_file(sqlite3_file *base, int flags) {
    (void)flags;
    handle *handle = (struct handle *)base;
    if (is_gone(handle) || fails(handle->disk)) return SQLITE_IOERR_FSYNC;
    if (befalls(handle->disk, handle->disk->fault == power_loss_fault_sync)) return SQLITE_IOERR_FSYNC;
    file *file = handle->file;
    if (is_cut(handle->disk, file, true)) return SQLITE_IOERR_FSYNC;
    for (int64_t sector = 0; sector < file->capacity / sector_size; sector++) {
        if (!file->is_marked[sector]) continue;
        int64_t start = sector * sector_size;
        memcpy(file->durable.bytes + start, file->present.bytes + start, sector_size);
        file->is_marked[sector] = 0;
    }
    file->durable.size = file->present.size;
    file->durable.exists = file->present.exists;
    return SQLITE_OK;
}

static int size_of_file(sqlite3_file *base, sqlite3_int64 *size) {
    handle *handle = (struct handle *)base;
    if (is_gone(handle) || fails(handle->disk)) return SQLITE_IOERR_FSTAT;
    *size = handle->file->present.size;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *base, int level) {
    (void)level;
    return is_gone((handle *)base) ? SQLITE_IOERR_LOCK : SQLITE_OK;
}

static int unlock_file(sqlite3_file *base, int level) {
    (void)base;
    (void)level;
    return SQLITE_OK;
}

static int check_lock(sqlite3_file *base, int *is_reserved) {
    (void)base;
    *is_reserved = 0;
    return SQLITE_OK;
}

static int control_file(sqlite3_file *base, int operation, void *argument) {
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size_of_file(sqlite3_file *base) {
    (void)base;
    return sector_size;
}

static int characteristics_of_file(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// The first version has no memory to share, so a log on it belongs to one connection.
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size_of_file,
    .xDeviceCharacteristics = characteristics_of_file,
};

// What SQLite calls on the disk

static int open_file(sqlite3_vfs *layer, const char *name, sqlite3_file *base, int flags, int *actual_flags) {
    power_loss_disk *disk = layer->pAppData;
    handle *handle = (struct handle *)base;
    handle->base.pMethods = NULL;
    if (disk->is_off || fails(disk)) return SQLITE_CANTOPEN;
    file *file = find(disk, name == NULL ? "" : name);
    if (file == NULL || !file->present.exists) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        file = find_or_create(disk, name == NULL ? "" : name);
        if (file == NULL || !reserve(file, sector_size)) return SQLITE_CANTOPEN;
        file->present.exists = true;
    }
    handle->base.pMethods = &methods;
    handle->disk = disk;
    handle->file = file;
    handle->life = disk->life;
    if (actual_flags != NULL) *actual_flags = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *layer, const char *name, int is_flushed) {
    power_loss_disk *disk = layer->pAppData;
    file *file = find(disk, name);
    if (file == NULL || !file->present.exists) return SQLITE_IOERR_DELETE_NOENT;
    if (disk->is_off || fails(disk)) return SQLITE_IOERR_DELETE;
    memset(file->present.bytes, 0, (size_t)file->capacity);
    mark(file, 0, file->present.size);
    file->present.size = 0;
    file->present.exists = false;
    if (is_cut(disk, file, false)) return SQLITE_IOERR_DELETE;
    if (is_flushed) {
        file->durable.exists = false;
        file->durable.size = 0;
    }
    return SQLITE_OK;
}

static int access_file(sqlite3_vfs *layer, const char *name, int flags, int *answer) {
    (void)flags;
    power_loss_disk *disk = layer->pAppData;
    if (disk->is_off || fails(disk)) return SQLITE_IOERR_ACCESS;
    file *file = find(disk, name);
    *answer = file != NULL && file->present.exists;
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *layer, const char *name, int size, char *path) {
    (void)layer;
    if (strlen(name) >= (size_t)size) return SQLITE_CANTOPEN;
    strcpy(path, name);
    return SQLITE_OK;
}

static int randomness(sqlite3_vfs *layer, int count, char *bytes) {
    for (int index = 0; index < count; index++) bytes[index] = (char)next_random(layer->pAppData);
    return count;
}

static int sleep_no_time(sqlite3_vfs *layer, int microseconds) {
    (void)layer;
    return microseconds;
}

static int current_time(sqlite3_vfs *layer, double *days) {
    (void)layer;
    *days = 2460000.5;
    return SQLITE_OK;
}

// What tests call

power_loss_disk *power_loss_disk_create(const char *name) {
    power_loss_disk *disk = calloc(1, sizeof *disk);
    if (disk == NULL || strlen(name) >= sizeof disk->name) {
        free(disk);
        return NULL;
    }
    strcpy(disk->name, name);
    disk->layer = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(handle),
        .mxPathname = maximum_name,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_path,
        .xRandomness = randomness,
        .xSleep = sleep_no_time,
        .xCurrentTime = current_time,
    };
    sqlite3_initialize();
    sqlite3_vfs_register(&disk->layer, 0);
    return disk;
}

power_loss_disk *power_loss_disk_copy(const power_loss_disk *other, const char *name) {
    power_loss_disk *disk = power_loss_disk_create(name);
    if (disk == NULL) return NULL;
    for (int index = 0; index < other->count; index++) {
        const file *original = &other->files[index];
        file *copy = find_or_create(disk, original->name);
        if (copy == NULL || !reserve(copy, original->capacity)) continue;
        memcpy(copy->durable.bytes, original->durable.bytes, (size_t)original->capacity);
        memcpy(copy->present.bytes, original->durable.bytes, (size_t)original->capacity);
        copy->durable.size = copy->present.size = original->durable.size;
        copy->durable.exists = copy->present.exists = original->durable.exists;
    }
    return disk;
}

void power_loss_disk_destroy(power_loss_disk *disk) {
    sqlite3_vfs_unregister(&disk->layer);
    for (int index = 0; index < disk->count; index++) {
        free(disk->files[index].present.bytes);
        free(disk->files[index].durable.bytes);
        free(disk->files[index].is_marked);
    }
    free(disk);
}

int64_t power_loss_disk_changes(const power_loss_disk *disk) {
    return disk->changes;
}

void power_loss_disk_cut_power_at(power_loss_disk *disk, int64_t change, power_loss_place place) {
    disk->changes_left = change;
    disk->place = place;
    disk->place_of_cut = power_loss_place_any;
}

power_loss_place power_loss_disk_place_of_cut(const power_loss_disk *disk) {
    return disk->place_of_cut;
}

void power_loss_disk_restore_power(power_loss_disk *disk, uint64_t seed) {
    disk->random = seed;
    for (int index = 0; index < disk->count; index++) lose(disk, &disk->files[index]);
    power_loss_disk_restart_process(disk);
}

void power_loss_disk_restart_process(power_loss_disk *disk) {
    disk->changes_left = 0;
    disk->is_off = false;
    disk->life++;
}

void power_loss_disk_fail_at(power_loss_disk *disk, power_loss_fault fault, int64_t call, int64_t more) {
    disk->fault = fault;
    disk->fault_first = call;
    disk->fault_last = call + more;
    disk->fault_calls = 0;
    disk->failures = 0;
}

void power_loss_disk_mend(power_loss_disk *disk) {
    disk->fault_first = 0;
}

int64_t power_loss_disk_failures(const power_loss_disk *disk) {
    return disk->failures;
}

#endif
