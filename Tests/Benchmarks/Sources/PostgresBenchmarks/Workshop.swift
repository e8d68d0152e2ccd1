#if Postgres
import BillingKit
import BillingPostgres
import CPostgresFloor
import EngineWorkloads
import Foundation
import Measuring

/// Databases on one server: for each number of accounts one in which all are open, then copies for whoever writes.
struct Workshop {
    /// How the server is reached.
    private let target: String
    private let run = "bench_\(getpid())"

    /// Finds the server that `scripts/with-postgres` has started, or `nil` where there is none.
    init?() throws {
        guard let target = ProcessInfo.processInfo.environment["BILLINGKIT_POSTGRES"] else { return nil }
        guard !target.contains("://") else {
            throw Failure(
                "BILLINGKIT_POSTGRES has to be a list of words, host=… user=…, so that a database can be added."
            )
        }
        self.target = target
    }

    /// Returns how a database is reached.
    func target(_ name: String) -> String {
        "\(target) dbname=\(run)_\(name)"
    }

    /// Asks a database for a number.
    func number(_ question: String, in name: String? = nil) throws -> Int64 {
        var answer: Int64 = 0
        guard billing_pg_ask(name.map(target(_:)) ?? target, question, &answer) == 0 else {
            throw Failure("'\(question)' failed.")
        }
        return answer
    }

    /// Has the server do something.
    func order(_ statement: String) throws {
        guard billing_pg_ask(target, statement, nil) == 0 else { throw Failure("'\(statement)' failed.") }
    }

    /// Creates a database in which a number of accounts are open, each having been used once.
    func openAccounts(_ accounts: Int, in name: String) async throws {
        try order("CREATE DATABASE \(run)_\(name)")
        let store = try await PostgresStore(target(name))
        let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
        try await EngineLoad(callers: 1, accounts: accounts, keys: .random, requests: 1).open(on: billing)
        await store.close()
    }

    /// Creates a database that is a copy of another one, which nobody may be using.
    func copy(_ name: String, to copy: String) throws {
        try order("CREATE DATABASE \(run)_\(copy) TEMPLATE \(run)_\(name)")
    }

    /// Removes a database.
    func remove(_ name: String) throws {
        try order("DROP DATABASE \(run)_\(name)")
    }

    /// Makes sure that every use was written once, by the journal and by the balances, and nothing else was.
    func audit(_ name: String, uses: Int) throws {
        let questions = [
            "SELECT count(*) FROM billing_journal WHERE effect = 'drawn'",
            "SELECT count(*) FROM (SELECT DISTINCT customer, key FROM billing_journal WHERE key IS NOT NULL) AS k",
            "SELECT sum(used) FROM billing_balances",
            "SELECT sum(grant_used) FROM billing_balances",
            "SELECT sum(revision) FROM billing_accounts",
        ]
        let answers = try questions.map { try number($0, in: name) }
        guard answers == answers.map({ _ in Int64(uses) }) else {
            throw Failure("\(uses) uses were answered, but the tables say \(answers).")
        }
    }
}
#endif
