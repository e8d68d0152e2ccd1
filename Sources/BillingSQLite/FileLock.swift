#if SQLite
import BillingKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock that says that a database file is in use.
///
/// It is taken on a file of its own: SQLite's locks on the database would be lost if anyone in the process
/// closed another descriptor of that file. The kernel drops it with the process, however that ends.
final class FileLock {
    /// The path of the database without links and detours, which always begins at the root: no prefix of it can
    /// be taken for anything but a path.
    let databasePath: String

    private let descriptor: Int32

    /// Takes the lock of a database.
    ///
    /// - Parameter path: The path of the database. However it is spelt, the lock of one file is one file.
    /// - Throws: `cannotOpen` when there is no such folder, `inUse` when the lock is taken.
    init(besideDatabase path: String) throws(StoreError) {
        guard !path.isEmpty, path != ":memory:" else {
            throw StoreError(.cannotOpen, "'\(path)' names no file; for a store in memory use InMemoryStore.")
        }
        databasePath = try Self.canonical(path)
        let name = databasePath + ".lock"
        descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, "'\(name)' cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.contents(of: descriptor)
            let reason = String(cString: strerror(code))
            // Not closed here: `deinit` runs after a throw, and a second closing may hit another file of the process.
            guard owner != "\(getpid())" else {
                throw StoreError(
                    .inUse,
                    "'\(path)' is open in this process already (process \(owner)), and a SQLite file has one store; "
                        + "give both systems the same SQLiteStore."
                )
            }
            throw StoreError(
                .inUse,
                "'\(path)' is open in \(owner.isEmpty ? "another process" : "process \(owner)"), and a SQLite file "
                    + "belongs to one process; stop that one. "
                    + "(\(reason))"
            )
        }
        ftruncate(descriptor, 0)
        let owner = Array("\(getpid())".utf8)
        _ = pwrite(descriptor, owner, owner.count, 0)
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// The path without links and detours.
    ///
    /// The file is created where it is missing, so that even a link to a file that does not exist yet leads to one.
    private static func canonical(_ path: String) throws(StoreError) -> String {
        // A file that is there is not opened: closing it again would drop the locks that SQLite may hold on it in
        // this process.
        if let resolved = resolve(path) { return resolved }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError(
                .cannotOpen,
                "'\(path)' cannot be opened for writing (\(reason)); check that its folder exists and may be written."
            )
        }
        close(file)
        guard let resolved = resolve(path) else {
            throw StoreError(.cannotOpen, "'\(path)' cannot be found after it was created.")
        }
        return resolved
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func contents(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)).filter { (0x30...0x39).contains($0) }, as: UTF8.self)
    }
}
#endif
