import Foundation

/// What the figures were measured on and of, as far as `scripts/bench` says it.
package struct Machine: Encodable, CustomStringConvertible {
    /// The processor's name.
    package let processor: String

    /// The number of processors.
    package let cores: String

    /// The operating system.
    package let system: String

    /// The compiler.
    package let swift: String

    /// The commit that was built.
    package let commit: String

    /// Reads what the script has put into the environment.
    package init() {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String { environment["BENCH_\(name)"] ?? "unknown" }
        processor = value("PROCESSOR")
        cores = value("CORES")
        system = value("SYSTEM")
        swift = value("SWIFT")
        commit = value("COMMIT")
    }

    /// Two lines for people.
    package var description: String {
        """
        machine: \(processor), \(cores) cores, \(system)
        built:   \(swift), release; commit \(commit)
        """
    }
}
