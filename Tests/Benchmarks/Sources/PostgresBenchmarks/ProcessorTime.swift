#if Postgres
import Foundation

/// The processor time that a server and this program have taken, which says more than a rate where others use the machine.
struct ProcessorTime {
    /// One of the server's processes that lives as long as it, or `nil` where the system does not tell of processes.
    private let parent: Int?

    /// Remembers a server by the identifier of one of its lasting processes.
    init(ofServerOf process: Int64) {
        parent = Self.fields(of: Int(process)).map { Int($0[1]) } ?? nil
    }

    /// The seconds that this program has taken so far.
    static var own: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The seconds that the server's processes have taken so far, those that have ended too.
    var server: Double {
        guard let parent, let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else {
            return .nan
        }
        var ticks = Self.fields(of: parent).map { Self.sum($0, 11...14) } ?? 0
        for process in entries.compactMap({ Int($0) }) {
            guard let fields = Self.fields(of: process), Int(fields[1]) == parent else { continue }
            ticks += Self.sum(fields, 11...12)
        }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What the system says of a process after its name: its state, its parent, and so on.
    private static func fields(of process: Int) -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 14 ? fields : nil
    }

    private static func sum(_ fields: [Substring], _ range: ClosedRange<Int>) -> Int {
        fields[range].reduce(0) { $0 + (Int($1) ?? 0) }
    }
}
#endif
