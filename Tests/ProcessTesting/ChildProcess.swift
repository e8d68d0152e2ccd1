package import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that a test has started: what it prints, what it is told, and its end.
///
/// Foundation's `Process` is no use where a test starts servers: it takes a program for ended once a socket that the
/// program has inherited is closed, and a server that the program leaves behind keeps the socket open. Here nothing but
/// the three standard files is inherited, and the end of a program is what the system says it is.
///
/// Reading and waiting block, so they belong on a thread of their own: ``onThreadOfItsOwn(_:)``.
package final class ChildProcess: @unchecked Sendable {
    // Unchecked because the files are set once, and `isReaped` is guarded by the lock.
    private let identifier: pid_t
    private let input: Int32?
    private let output: Int32?
    private let lock = NSLock()
    private var isReaped = false

    /// Whether a standard file of the program leads to the test, or nowhere.
    package enum Files {
        case none
        case output
        case inputAndOutput
    }

    /// How a program ended.
    package enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(Int32)
    }

    /// A program that cannot be started.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: Its path; it is not searched for.
    ///   - arguments: Its arguments, without its own name.
    ///   - files: Which of its standard files lead here. Its standard error is the test's own, or nothing where `files` is
    ///     ``Files/none``.
    /// - Throws: ``Failure`` with what the system says.
    package init(_ program: String, _ arguments: [String], files: Files) throws {
        var (toProgram, fromProgram): (PipeEnds?, PipeEnds?)
        if files == .inputAndOutput { toProgram = try PipeEnds() }
        if files != .none { fromProgram = try PipeEnds() }
        defer {
            for end in [toProgram?.reading, fromProgram?.writing] { if let end { _ = close(end) } }
        }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        func lead(_ file: Int32, to end: Int32?, _ mode: Int32) {
            if let end {
                posix_spawn_file_actions_adddup2(&actions, end, file)
            } else {
                posix_spawn_file_actions_addopen(&actions, file, "/dev/null", mode, 0)
            }
        }
        lead(0, to: toProgram?.reading, O_RDONLY)
        lead(1, to: fromProgram?.writing, O_WRONLY)
        if files == .none { lead(2, to: nil, O_WRONLY) }
        // A thread of a pool blocks signals, and a server that inherits that cannot be stopped.
        var (blocked, reset) = (sigset_t(), sigset_t())
        sigemptyset(&blocked)
        sigfillset(&reset)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setsigdefault(&attributes, &reset)
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        #if canImport(Darwin)
        flags |= Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #endif
        posix_spawnattr_setflags(&attributes, flags)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier = pid_t()
        let code = PipeEnds.birth.withLock {
            posix_spawn(&identifier, program, &actions, &attributes, &words, environ)
        }
        guard code == 0 else {
            for end in [toProgram?.writing, fromProgram?.reading] { if let end { _ = close(end) } }
            throw Failure(description: "'\(program)' cannot be started: \(String(cString: strerror(code))).")
        }
        (self.identifier, self.input, self.output) = (identifier, toProgram?.writing, fromProgram?.reading)
    }

    deinit {
        for file in [input, output] { if let file { close(file) } }
        if !isReaped {
            // Nobody has waited for it, so nobody wants it.
            _ = Self.sendSignal(SIGKILL, identifier)
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
        }
    }

    /// Reads what the program has printed since, at most 64 KiB; empty once it has closed its output.
    package func read() -> Data {
        guard let output else { return Data() }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Self.readBytes(output, &bytes)
            if count == -1, errno == EINTR { continue }
            return Data(bytes.prefix(max(count, 0)))
        }
    }

    /// Reads up to the end of a line, and returns the line without it; what there is where the program has ended.
    package func readLine() -> String {
        guard let output else { return "" }
        var line: [UInt8] = []
        var byte: [UInt8] = [0]
        while true {
            let count = Self.readBytes(output, &byte)
            if count == -1, errno == EINTR { continue }
            guard count == 1, byte[0] != UInt8(ascii: "\n") else { return String(decoding: line, as: UTF8.self) }
            line.append(byte[0])
        }
    }

    /// Writes a line to the program.
    package func write(line: String) {
        guard let input else { return }
        FileHandle(fileDescriptor: input, closeOnDealloc: false).write(Data("\(line)\n".utf8))
    }

    /// Sends the program a signal, and returns whether it was still there.
    @discardableResult
    package func signal(_ number: Int32) -> Bool {
        // Under the lock: once it is reaped, its number may be another's.
        lock.withLock { !isReaped && Self.sendSignal(number, identifier) }
    }

    /// Waits for the program's end.
    package func waitUntilExit() -> End {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return lock.withLock {
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
            isReaped = true
            // As the macros of the C library read it, which Swift does not import.
            return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(status & 0x7F)
        }
    }

    /// Runs something that blocks where it takes no thread from the tests.
    package static func onThreadOfItsOwn<Answer: Sendable>(
        _ body: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }

    private static func sendSignal(_ number: Int32, _ identifier: pid_t) -> Bool {
        kill(identifier, number) == 0
    }

    private static func readBytes(_ file: Int32, _ bytes: inout [UInt8]) -> Int {
        bytes.withUnsafeMutableBytes { readInto(file, $0) }
    }
}

/// The ends of a pipe that no program inherits unless it is told to.
private struct PipeEnds {
    let reading: Int32
    let writing: Int32

    /// Held while a program is born, and while a pipe is that programs may still inherit.
    static let birth = NSLock()

    init() throws {
        var ends: [Int32] = [-1, -1]
        let code = Self.birth.withLock {
            let code = pipe(&ends)
            for end in ends where code == 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return code
        }
        guard code == 0 else {
            throw ChildProcess.Failure(description: "There is no pipe: \(String(cString: strerror(errno))).")
        }
        (reading, writing) = (ends[0], ends[1])
    }
}

/// `read`, which a method of the same name hides.
private func readInto(_ file: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    read(file, bytes.baseAddress, bytes.count)
}
