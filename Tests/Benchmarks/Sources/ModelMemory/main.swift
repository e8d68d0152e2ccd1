import Measuring

Report.make(
    "The model: memory",
    notes: [
        "Allocations: calls of malloc and its kin, counted inside the program, during the loop that is timed elsewhere.",
        "Bytes asked: what those calls asked for. Nearly all of it is given back within the operation.",
        "Bytes per account: what glibc's mallinfo2 has in use with the accounts, less what it had before.",
        "Resident: the same of /proc/self/statm; what building the accounts has left behind counts there.",
        "The accounts lie in one array, which is among the bytes. A customer's id has 30 bytes; meters are literals.",
    ]
) { report, _ in
    // First, while nothing that is free lies about.
    try report.weighIdleAccounts(100_000)
    try report.countAllocations()
}
