#if Crypto
import Foundation
import Measuring

#if AcceleratedSHA256
let backend = "the processor's extensions"
#else
let backend = "pure Swift"
#endif
let floor = ProcessInfo.processInfo.environment["BENCH_CRYPTO_FLOOR"] ?? "as it comes"

Report.make(
    "Signatures by \(backend), against libcrypto \(floor)",
    notes: [
        "Both take turns in every round. Nanoseconds are the median's; a ratio is the floor's median by ours.",
        "libcrypto hashes by its low-level functions, whose context lies on the stack.",
        "Verifying: Standard Webhooks, keys prepared, headers at hand. The C code looks at nothing but time and code.",
    ]
) { report, arguments in
    let rounds = arguments.rounds ?? 401

    func race(_ title: String, _ sizes: [Int], _ make: (_ bytes: Int, _ isFloor: Bool) throws -> any Workload) throws {
        var table = Table(title, columns: ["bytes", "ours", "libcrypto", "speed", "time x"])
        let sizes = sizes.filter { arguments.wants("\(title) \($0)") }
        // All sizes in one race: what disturbs the machine for a moment then disturbs a few rounds of each.
        let timings = try Race(rounds: rounds).run(sizes.flatMap { try [make($0, false), make($0, true)] })
        report.keep(timings)
        for (index, bytes) in sizes.enumerated() {
            let (ours, floor) = (timings[2 * index].median, timings[2 * index + 1].median)
            table.add([
                Double(bytes).wholeText, ours.text, floor.text, (floor / ours).text, (ours / floor).text,
            ])
        }
        report.show(table)
    }

    try race("SHA-256", [64, 256, 1 << 10, 1 << 12, 1 << 16, 1 << 20]) { HashWorkload(bytes: $0, isFloor: $1) }
    try race("Verifying", [512, 2 << 10, 16 << 10]) { try VerifyWorkload(bytes: $0, isFloor: $1) }
}
#else
print("Signatures: not measured, libcrypto's header is not installed.")
#endif
