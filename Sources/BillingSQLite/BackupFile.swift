#if SQLite
import BillingKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that gets its name only when it is whole and on the disk.
struct BackupFile: ~Copyable {
    /// The name that it is to have.
    let path: String

    /// The name that it has while it is written.
    let partialPath: String

    private var isPublished = false

    /// Creates the file, empty and for the process's user alone.
    init(at path: String) throws(StoreError) {
        try Self.create(path + ".partial", for: path)
        self.path = path
        partialPath = path + ".partial"
    }

    private static func create(_ partialPath: String, for path: String) throws(StoreError) {
        var status = stat()
        guard lstat(path, &status) != 0 else { throw taken(path) }
        guard errno == ENOENT else { throw failure(path, errno) }
        let descriptor = open(partialPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(partialPath, errno) }
        _ = close(descriptor)
    }

    /// Flushes the file and gives it its name, which must still be free.
    mutating func publish() throws(StoreError) {
        try Self.flush(partialPath)
        // Linking fails where the name is taken, renaming would replace what has it.
        if link(partialPath, path) == 0 {
            isPublished = true
            _ = unlink(partialPath)
        } else {
            let code = errno
            guard code != EEXIST else { throw Self.taken(path) }
            // Some file systems have no links.
            guard [EPERM, ENOTSUP, EOPNOTSUPP, EMLINK].contains(code), access(path, F_OK) != 0 else {
                throw Self.failure(path, code)
            }
            guard rename(partialPath, path) == 0 else { throw Self.failure(path, errno) }
            isPublished = true
        }
        do throws(StoreError) {
            try Self.flush(Self.folder(of: path))
        } catch {
            _ = unlink(path)
            throw error
        }
    }

    deinit {
        guard !isPublished else { return }
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unlink(partialPath + suffix) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func flush(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { _ = close(descriptor) }
        #if canImport(Darwin)
        // There, fsync alone leaves it to the disk when to write.
        if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        guard fsync(descriptor) == 0 else { throw failure(path, errno) }
    }

    private static func taken(_ path: String) -> StoreError {
        StoreError(.cannotOpen, "'\(path)' is there already, and a backup replaces nothing; give it another name.")
    }

    private static func failure(_ path: String, _ code: Int32) -> StoreError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT: return StoreError(.full, "There is no room for '\(path)': \(reason).")
        case EEXIST:
            return StoreError(
                .cannotOpen,
                "'\(path)' is there already: another backup is writing it, or one was cut off. Remove it in that case."
            )
        default: return StoreError(.cannotOpen, "'\(path)' cannot be written: \(reason).")
        }
    }
}
#endif
