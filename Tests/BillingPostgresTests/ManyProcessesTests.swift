#if Postgres
import Foundation
import ProcessTesting
import Testing

/// Processes of their own on one account: what the tables say afterwards is asked for in plain SQL and nothing else.
///
/// `BILLINGKIT_USES` sets how many uses are asked for, of which half are given; `make soak` has 100,000.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct ManyProcessesTests {
    private static let callers = 64

    private static var uses: Int {
        ProcessInfo.processInfo.environment["BILLINGKIT_USES"].flatMap { Int($0) } ?? 20_000
    }

    @Test func `two processes on one account give away exactly what there is`() async throws {
        let (share, units) = (Self.uses / 2, Self.uses / 2)
        try await PostgresServer.withSchema { schema in
            let program = try #require(Self.program, "PostgresChild is not built.")
            let arguments = ["one", "other"].map { name in
                [schema.connection, schema.name, "\(units)", "\(Self.callers)", "\(share)", name]
            }
            let said = try await Self.run(program, arguments)
            let counts = said.map { $0.split(separator: " ").compactMap { Int($0) } }
            try #require(counts.allSatisfy { $0.count == 2 }, "\(said)")
            #expect(counts.map { $0[0] + $0[1] } == [share, share], "every call has one answer")
            #expect(counts.reduce(0) { $0 + $1[0] } == units, "\(said)")
            print("two processes on one account: given and denied \(said)")
            try Self.audit(schema, units: units)
        }
    }

    private static func audit(_ schema: PostgresSchema, units: Int) throws {
        let raw = try schema.raw()
        func number(_ question: String) throws -> Int? { try raw.value(question).flatMap { Int($0) } }
        #expect(try number("SELECT count(*) FROM billing_journal WHERE effect = 'drawn'") == units)
        #expect(try number("SELECT sum(amount) FROM billing_journal WHERE effect = 'drawn'") == units)
        #expect(try number("SELECT count(*) FROM billing_journal WHERE receipt_overage > 0") == 0)
        #expect(try number("SELECT count(DISTINCT key) FROM billing_journal") == units)
        #expect(try number("SELECT count(DISTINCT revision) FROM billing_journal") == units)
        #expect(try number("SELECT max(revision) FROM billing_journal") == units)
        #expect(try number("SELECT revision FROM billing_accounts") == units)
        #expect(try number("SELECT used FROM billing_balances") == units)
        #expect(try number("SELECT grant_used FROM billing_balances") == units)
        #expect(try number("SELECT grant_amount FROM billing_balances") == units)
        #expect(try number("SELECT uncovered FROM billing_balances") == 0)
        // The last unit was given once, and what remains never went up or stayed.
        let remains = """
            SELECT count(*) FROM (SELECT receipt_remaining AS rest, lag(receipt_remaining) OVER (ORDER BY revision) \
            AS before FROM billing_journal WHERE receipt_remaining IS NOT NULL) AS lines WHERE rest <> before - 1
            """
        #expect(try number(remains) == 0)
        #expect(try number("SELECT count(*) FROM billing_journal WHERE receipt_remaining = 0") == 1)
    }

    /// Starts programs, lets all begin once all are ready, and returns the last line that each says.
    private static func run(_ program: URL, _ arguments: [[String]]) async throws -> [String] {
        try await ChildProcess.onThreadOfItsOwn {
            let children = try arguments.map { try ChildProcess(program.path, $0, files: .inputAndOutput) }
            for child in children {
                let said = child.readLine()
                guard said == "ready" else {
                    throw Failure(description: "A process said '\(said)', not that it is ready.")
                }
            }
            for child in children { child.write(line: "go") }
            return children.map { child in
                let said = child.readLine()
                _ = child.waitUntilExit()
                return said
            }
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The program, which is built into the same folder as the tests.
    private static var program: URL? {
        let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
        let folders = (bundles + [Bundle.main.executableURL].compactMap(\.self)).map { $0.deletingLastPathComponent() }
        return folders.map { $0.appendingPathComponent("PostgresChild") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
#endif
