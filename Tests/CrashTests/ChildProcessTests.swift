import ProcessTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the tests that start programs rely on.
struct ChildProcessTests {
    @Test func `a program that leaves a server behind has ended when it ends`() async throws {
        // Once as the only program, and among many open files, whose numbers a program may take for its own.
        for files in [0, 300] {
            let held = (0..<files).map { _ in open("/dev/null", O_RDONLY) }
            defer { for file in held { close(file) } }
            let (said, end) = try await ChildProcess.onThreadOfItsOwn {
                let server = "sleep 600 >/dev/null 2>&1 & echo $!; exit 3"
                let process = try ChildProcess("/bin/sh", ["-c", server], files: .output)
                let said = process.readLine()
                return (said, process.waitUntilExit())
            }
            #expect(end == .exited(3))
            let server = try #require(pid_t(said))
            #expect(kill(server, SIGKILL) == 0, "it is still there when the program has ended")
        }
    }

    @Test func `a program is told lines, tells lines, and says what killed it`() async throws {
        let (said, end, isThere) = try await ChildProcess.onThreadOfItsOwn {
            let process = try ChildProcess(
                "/bin/sh",
                ["-c", "read line; echo \"$line!\"; cat"],
                files: .inputAndOutput
            )
            process.write(line: "hear")
            let said = process.readLine()
            process.signal(SIGKILL)
            return (said, process.waitUntilExit(), process.signal(0))
        }
        #expect(said == "hear!")
        #expect(end == .killed(SIGKILL))
        #expect(!isThere, "its number may be another's by now")
    }

    @Test func `what cannot be started says so`() {
        #expect(throws: ChildProcess.Failure.self) { try ChildProcess("/nowhere/at/all", [], files: .none) }
    }
}
