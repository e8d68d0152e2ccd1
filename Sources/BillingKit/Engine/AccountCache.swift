/// The accounts that were used lately, as the store last confirmed them.
///
/// Bounded in bytes. When that is reached, whichever account is met first that has not been used since the last look is
/// forgotten ("second chance"): nearly as good as the least recently used, and a use costs no more than a mark.
final class AccountCache: Sendable {
    /// An account, and since when it is known to be so.
    struct Memory {
        let state: AccountState
        let confirmedAt: Timestamp
    }

    private struct Slot {
        var memory: Memory
        var bytes: Int
        var wasUsed: Bool
    }

    private struct State {
        var slots: [Slot] = []
        var places: [CustomerID: Int] = [:]
        var bytes = 0
        /// The store's session that this is of.
        var session = 0
        /// The session that the round under way has begun in.
        var roundSession = 0
        /// Where the next look begins.
        var hand = 0
        /// The customers who were forgotten while a round was under way, or `nil` while none is.
        ///
        /// What the round comes to may be older than what they were forgotten for.
        var forgotten: Set<CustomerID>?
        /// The customers whose commands wait for their turn at the account, and whether they were forgotten since.
        var inTurns: [CustomerID: Bool] = [:]
    }

    private let state = Lock(State())
    private let capacity: Int

    /// Creates an empty cache.
    ///
    /// - Parameter capacity: The most bytes that the accounts may take, as ``/BillingModel/Account/size`` counts them.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The bytes of what is remembered.
    var bytes: Int { state.withLock(\.bytes) }

    /// Returns what is remembered of customers, in their order, for the round that begins.
    func memories(of customers: [CustomerID], in session: Int) -> [Memory?] {
        state.withLock { state -> [Memory?] in
            enter(session, &state)
            state.roundSession = session
            state.forgotten = []
            return customers.map { customer -> Memory? in
                guard let place = state.places[customer] else { return nil }
                state.slots[place].wasUsed = true
                return state.slots[place].memory
            }
        }
    }

    /// Returns what is remembered of a customer, and since when.
    func memory(of customer: CustomerID, in session: Int) -> Memory? {
        state.withLock { state in
            enter(session, &state)
            guard let place = state.places[customer] else { return nil }
            state.slots[place].wasUsed = true
            return state.slots[place].memory
        }
    }

    /// Forgets everything when the store has connected anew since it was last asked.
    private func enter(_ session: Int, _ state: inout State) {
        // Whoever asked the store for its session earlier may come later.
        guard session > state.session else { return }
        state.session = session
        state.slots = []
        state.places = [:]
        (state.bytes, state.hand) = (0, 0)
        for customer in state.inTurns.keys { state.inTurns[customer] = true }
    }

    /// Forgets customers whose accounts somebody else has changed, or may have.
    func forget(_ customers: some Sequence<CustomerID> & Sendable) {
        state.withLock { state in
            for customer in customers {
                remove(customer, from: &state)
                state.forgotten?.insert(customer)
                if state.inTurns[customer] != nil { state.inTurns[customer] = true }
            }
        }
    }

    /// Forgets a customer whose account others write to, until the commands on it have had their turns.
    func beginTurns(of customer: CustomerID) {
        state.withLock { state in
            remove(customer, from: &state)
            state.inTurns[customer] = false
        }
    }

    /// Remembers a customer as the last turn has left the account, unless it has been forgotten meanwhile.
    func endTurns(of customer: CustomerID, with latest: Memory?) {
        state.withLock { state in
            let isForgotten = state.inTurns.removeValue(forKey: customer) ?? true
            guard !isForgotten, let latest, !latest.state.account.isNew else { return }
            put(latest, in: &state)
        }
    }

    /// Takes in that a round has failed, and of whom it may have written something all the same.
    func noteFailure(forgetting customers: some Sequence<CustomerID> & Sendable) {
        forget(customers)
        state.withLock { $0.forgotten = nil }
    }

    /// Takes in how a round ended: what was committed or confirmed is remembered, what turned out to be otherwise is
    /// forgotten.
    func note(
        _ verdicts: [CommandProcessor.Verdict],
        of batches: [CommandProcessor.Batch],
        _ outcomes: [CommitOutcome],
        at now: Timestamp
    ) {
        state.withLock { memories in
            let forgotten = memories.forgotten ?? []
            memories.forgotten = nil
            let isOfThisSession = memories.roundSession == memories.session
            for index in verdicts.indices {
                let customer = batches[index].customer
                if outcomes[index] == .conflict {
                    remove(customer, from: &memories)
                } else if outcomes[index] == .committed, isOfThisSession, let state = verdicts[index].state,
                    // Of whom there is nothing, nothing is worth remembering, and anyone may ask about any name.
                    !state.account.isNew, forgotten.isEmpty || !forgotten.contains(customer),
                    // A sweep goes through many accounts that nobody uses now: they do not push out those that
                    // somebody does.
                    !batches[index].isOnlySettled || memories.places[customer] != nil
                {
                    put(Memory(state: state, confirmedAt: now), in: &memories)
                }
            }
        }
    }

    private func put(_ memory: Memory, in state: inout State) {
        let (customer, bytes) = (memory.state.account.customer, memory.state.account.size)
        if let place = state.places[customer] {
            state.bytes += bytes - state.slots[place].bytes
            state.slots[place] = Slot(memory: memory, bytes: bytes, wasUsed: true)
        } else {
            state.places[customer] = state.slots.count
            state.slots.append(Slot(memory: memory, bytes: bytes, wasUsed: true))
            state.bytes += bytes
        }
        while state.bytes > capacity, state.slots.count > 1 { forgetOne(in: &state) }
    }

    /// Goes on until an account is met that was not used since the last look, and forgets it.
    private func forgetOne(in state: inout State) {
        while true {
            if state.hand >= state.slots.count { state.hand = 0 }
            guard state.slots[state.hand].wasUsed else { break }
            state.slots[state.hand].wasUsed = false
            state.hand += 1
        }
        remove(state.slots[state.hand].memory.state.account.customer, from: &state)
    }

    private func remove(_ customer: CustomerID, from state: inout State) {
        guard let place = state.places.removeValue(forKey: customer) else { return }
        state.bytes -= state.slots[place].bytes
        let last = state.slots.removeLast()
        guard place < state.slots.count else { return }
        state.slots[place] = last
        state.places[last.memory.state.account.customer] = place
    }
}
