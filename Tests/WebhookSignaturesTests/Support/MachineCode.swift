#if !DEBUG && os(Linux)
import Foundation
import Testing

/// The instructions of one function of this very program, with those of its variants that the optimizer made.
struct MachineCode {
    /// The instructions without address and bytes, such as `mov %rax,%rbx`.
    let instructions: [String]

    static let canBeRead = FileManager.default.isExecutableFile(atPath: objdump)

    private static let objdump = "/usr/bin/objdump"

    /// Reads the function whose mangled name has a part that only its variants share, and ends as is said.
    init(of part: String, suffix: String = "") throws {
        let program = try Self.program()
        let symbols = try Self.output(["-t", program]).split(separator: "\n")
            .compactMap { $0.contains(" F ") ? $0.split(separator: " ").last.map(String.init) : nil }
            .filter { $0.contains(part) && $0.hasSuffix(suffix) }
        try #require(!symbols.isEmpty, "the program has no such function")
        let lines = try Set(symbols).sorted().flatMap { symbol in
            try Self.output(["-d", "--no-show-raw-insn", "--disassemble=\(symbol)", program]).split(separator: "\n")
        }
        instructions = lines.compactMap { line in
            let columns = line.split(separator: "\t")
            return line.first == " " && columns.count > 1 ? columns[1...].joined(separator: " ") : nil
        }
    }

    var conditionalJumps: [String] {
        instructions.filter { instruction in
            let name = instruction.prefix { $0 != " " }
            #if arch(x86_64)
            return name.hasPrefix("j") && name != "jmp" || name.hasPrefix("loop")
            #else
            return name.hasPrefix("b.") || ["cbz", "cbnz", "tbz", "tbnz"].contains(name)
            #endif
        }
    }

    /// Calls, and jumps to the start of other functions in place of a call.
    var calls: [String] {
        instructions.filter { instruction in
            let name = instruction.prefix { $0 != " " }
            return name.hasPrefix("call") || name == "bl" || name == "blr"
                || ["jmp", "b"].contains(name) && instruction.hasSuffix(">") && !instruction.contains("+0x")
        }
    }

    /// The file that this code was loaded from.
    private static func program() throws -> String {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let files = maps.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        return String(try #require(files.first { $0.hasSuffix(".xctest") }))
    }

    private static func output(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: objdump)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
#endif
