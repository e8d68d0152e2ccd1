import CAllocations
import Foundation

/// What the program has in memory at one moment.
struct MemoryUse {
    /// The bytes in blocks that the allocator has given out.
    let allocated: Int64

    /// The bytes of the program that are in physical memory.
    let resident: Int64

    /// Takes the present moment.
    static func now() -> MemoryUse {
        let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
        return MemoryUse(allocated: allocations_bytes_in_use(), resident: residentPages() * page)
    }

    private static func residentPages() -> Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return text.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    }
}
