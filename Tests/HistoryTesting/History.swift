import BillingInMemory
package import BillingKit

/// What can be seen of a life from outside: what customers were told, step by step, and the journal.
package struct History: Equatable, Sendable {
    /// What was answered to each step.
    package var told: [String] = []
    /// What was shown from time to time.
    package var overviews: [Account.Overview] = []
    /// The journal at the end.
    package var journal: [Account.Change] = []

    /// Lives a life on a store, of two servers, so that what one remembers is changed by the other.
    package static func live(_ seed: UInt64, steps: Int, on store: any BillingStore) async throws -> History {
        try await live(seed, steps: steps, on: [store, store])
    }

    /// Lives a life of as many servers as there are stores, which share what they hold.
    package static func live(_ seed: UInt64, steps: Int, on stores: [any BillingStore]) async throws -> History {
        let clock = ManualClock(at: SeededLife.start)
        var servers: [BillingSystem] = []
        for (server, store) in stores.enumerated() {
            servers.append(
                try await BillingSystem(
                    catalog: SeededLife.catalog(),
                    store: store,
                    clock: clock,
                    entropy: SeededEntropy(seed: seed &+ UInt64(server))
                )
            )
        }
        var life = SeededLife(seed: seed)
        var history = History()
        for step in 1...steps {
            clock.advance(by: life.pause())
            do {
                history.told.append(try await life.act(on: servers))
            } catch let error as Account.DecisionError {
                history.told.append(error.description)
            }
            if step.isMultiple(of: 10) {
                history.overviews.append(try await servers[0].overview(of: SeededLife.customer))
            }
        }
        var query = JournalQuery(customer: SeededLife.customer)
        while case let page = try await stores[0].journal(query), let last = page.last {
            history.journal += page
            query = JournalQuery(customer: SeededLife.customer, after: last.revision)
        }
        return history
    }
}
