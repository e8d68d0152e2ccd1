import Measuring
import ModelWorkloads

Report.make(
    "The model: decide and apply, in nanoseconds per operation",
    notes: [
        "Timed: decide, apply, and letting go of the decision with its change.",
        "Not timed: making the commands. Each has a key of its own, of 30 bytes. Nothing is stored, no facts are given.",
        "10 microseconds pass with each operation. Nothing runs out, no grant starts or ends, unless a line says so.",
        "The floor compares, subtracts and allocates one record with key, amount and time, for one counter.",
        "The lines of a table take turns in every round. A ratio is the median of the rounds' own ratios.",
    ]
) { report, arguments in
    try report.measureShortWay(rounds: arguments.rounds ?? 201)
    try report.measureLongWay(rounds: arguments.rounds ?? 21)
}
