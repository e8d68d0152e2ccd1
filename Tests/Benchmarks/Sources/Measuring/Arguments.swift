/// What a benchmark is started with.
package struct Arguments {
    /// The file for the results as JSON, or `nil` for none.
    package private(set) var output: String?

    /// The number of rounds, where it is asked for.
    package private(set) var rounds: Int?

    /// Whether what takes many minutes is measured too.
    package private(set) var isLarge = false

    /// What a measurement's name has to contain for it to be made, or `nil` for all.
    package private(set) var only: String?

    /// Reads a program's arguments, its own name left out.
    package init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            if name == "--large" {
                isLarge = true
                continue
            }
            switch (name, rest.popFirst()) {
            case ("--output", let path?): output = path
            case ("--only", let text?): only = text
            case ("--rounds", let text?):
                guard let number = Int(text), number > 0 else { throw Failure("--rounds takes a number above 0.") }
                rounds = number
            default:
                throw Failure(
                    "'\(name)' is unknown or lacks its value; there are --output, --rounds, --only and --large."
                )
            }
        }
    }

    /// Returns whether a measurement is wanted.
    package func wants(_ name: String) -> Bool {
        only.map { name.contains($0) } ?? true
    }
}
