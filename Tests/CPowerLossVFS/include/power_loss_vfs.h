#ifndef POWER_LOSS_VFS_H
#define POWER_LOSS_VFS_H

#include <stdbool.h>
#include <stdint.h>

// A disk in memory, as a file system layer of SQLite's, whose power can be cut and whose calls can fail.
//
// Each file has two images: what the system would read back, and what would still be there without power. A write
// changes the first and marks its sectors of 512 bytes; a sync makes the marked sectors the same in both. When the power
// is cut, each sector that is still marked is by chance as it was, as it is, or torn: in part as it is, in part as it
// was. The size and the existence of a file are lost or kept by chance in the same way.
//
// Like the file systems that SQLite runs on, it says that a write leaves the bytes beside it alone.

typedef struct power_loss_disk power_loss_disk;

// What a call fails with.
typedef enum power_loss_fault {
    // Any call: an error of the device.
    power_loss_fault_io = 0,
    // A write: no room is left.
    power_loss_fault_full = 1,
    // A read of the log: it comes back with less than was asked for.
    power_loss_fault_short_read = 2,
    // A sync: an error of the device.
    power_loss_fault_sync = 3,
} power_loss_fault;

// Which file a change is on, or for a cut to come also that it is a sync.
typedef enum power_loss_place {
    power_loss_place_any = 0,
    power_loss_place_database = 1,
    power_loss_place_log = 2,
    power_loss_place_other = 3,
    power_loss_place_sync = 4,
} power_loss_place;

// Creates an empty disk and makes it known to SQLite under a name, which must be its own.
power_loss_disk *power_loss_disk_create(const char *name);

// Creates a disk with what would still be there of another one without power.
power_loss_disk *power_loss_disk_copy(const power_loss_disk *other, const char *name);

void power_loss_disk_destroy(power_loss_disk *disk);

// How many calls have changed something: writes, truncations, syncs and deletions.
int64_t power_loss_disk_changes(const power_loss_disk *disk);

// Cuts the power in the middle of the n-th change of a file, or of any, from now on, 1 being the next; 0 never does.
void power_loss_disk_cut_power_at(power_loss_disk *disk, int64_t change, power_loss_place place);

// Which file that change was on, once the power is cut; any while it is on.
power_loss_place power_loss_disk_place_of_cut(const power_loss_disk *disk);

// Cuts the power now, where it is not cut, and restores it; the seed decides what is still there.
// Connections from before fail from now on.
void power_loss_disk_restore_power(power_loss_disk *disk, uint64_t seed);

// Ends the process that had the files open, without a loss of power: connections from before fail from now on, and
// everything written is there.
void power_loss_disk_restart_process(power_loss_disk *disk);

// Fails the n-th call of those that a fault can befall, 1 being the next, and after it so many more.
void power_loss_disk_fail_at(power_loss_disk *disk, power_loss_fault fault, int64_t call, int64_t more);

// Ends the fault.
void power_loss_disk_mend(power_loss_disk *disk);

// How many calls have failed of the fault that was set last.
int64_t power_loss_disk_failures(const power_loss_disk *disk);

#endif
