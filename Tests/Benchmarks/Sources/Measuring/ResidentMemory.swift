import Foundation

/// The memory that the process has of the machine.
package enum ResidentMemory {
    /// The mebibytes in use now, or not a number where the system does not say it.
    package static var mebibytes: Double {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return .nan }
        return pages * Double(getpagesize()) / 1_048_576
    }
}
