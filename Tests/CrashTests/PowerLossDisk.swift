#if SQLite
import CPowerLossVFS
import Synchronization

/// A disk in memory whose power can be cut and whose calls can fail.
///
/// Unchecked because nothing locks it: it belongs to one test, which waits for its store's thread before it turns to
/// the disk again.
final class PowerLossDisk: @unchecked Sendable {
    /// Which file the power is cut on, or for a cut to come also that it is during a sync of any.
    enum Place: String, Hashable {
        case database, log, other, sync

        fileprivate var value: power_loss_place {
            switch self {
            case .database: power_loss_place_database
            case .log: power_loss_place_log
            case .other: power_loss_place_other
            case .sync: power_loss_place_sync
            }
        }
    }

    /// What a call fails with.
    enum Fault: String, CaseIterable {
        case io, full, shortRead, sync

        fileprivate var value: power_loss_fault {
            switch self {
            case .io: power_loss_fault_io
            case .full: power_loss_fault_full
            case .shortRead: power_loss_fault_short_read
            case .sync: power_loss_fault_sync
            }
        }
    }

    /// The name under which SQLite knows it.
    let name: String

    private let disk: OpaquePointer
    private static let count = Atomic(0)

    private static func nextName() -> String {
        "power-loss-\(count.add(1, ordering: .relaxed).newValue)"
    }

    /// Creates an empty disk.
    init() throws {
        name = Self.nextName()
        guard let disk = power_loss_disk_create(name) else { throw OutOfMemory() }
        self.disk = disk
    }

    /// Creates a disk with what is flushed on another one.
    init(copying other: PowerLossDisk) throws {
        name = Self.nextName()
        guard let disk = power_loss_disk_copy(other.disk, name) else { throw OutOfMemory() }
        self.disk = disk
    }

    deinit {
        power_loss_disk_destroy(disk)
    }

    struct OutOfMemory: Error {}

    var changes: Int { Int(power_loss_disk_changes(disk)) }

    /// The file on which the power was cut, or `nil` while it is on.
    var placeOfCut: Place? {
        switch power_loss_disk_place_of_cut(disk) {
        case power_loss_place_database: .database
        case power_loss_place_log: .log
        case power_loss_place_other: .other
        default: nil
        }
    }

    var failures: Int { Int(power_loss_disk_failures(disk)) }

    /// Cuts the power in the middle of a change of a file, or of any; 0 never does.
    func cutPower(atChange change: Int, of place: Place? = nil) {
        power_loss_disk_cut_power_at(disk, Int64(change), place?.value ?? power_loss_place_any)
    }

    func restorePower(seed: UInt64) {
        power_loss_disk_restore_power(disk, seed)
    }

    func restartProcess() {
        power_loss_disk_restart_process(disk)
    }

    func fail(_ fault: Fault, atCall call: Int, andMore more: Int = 0) {
        power_loss_disk_fail_at(disk, fault.value, Int64(call), Int64(more))
    }

    func mend() {
        power_loss_disk_mend(disk)
    }
}
#endif
