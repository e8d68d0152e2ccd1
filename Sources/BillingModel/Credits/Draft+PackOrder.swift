extension Account.Draft {
    /// Gives what is in the pack of a paid order, once for ever, and takes back what is left once all was paid back, also
    /// of what the host gave for the order by hand.
    ///
    /// A pack's life counts from when its order was made. Every report of the order says that alike, so it does not matter
    /// which of them came first; of when the money came in there is no such word.
    ///
    /// What was paid back in part leaves the pack as it is: how much of it that stands for is the host's to say, with
    /// ``Account/Command/Action/void(_:)`` or a correction.
    ///
    /// A payment is never refused. Where nobody sells the pack any more, or there is no room for another grant, hosts are
    /// told; newer word of the order gives it where it can be given by then, or the host does, with
    /// ``Account/Command/Action/grantPack(_:)``.
    ///
    /// - Parameters:
    ///   - order: The order, as it is now.
    ///   - references: The names in the snapshot that nobody had a claim to before; the pack's is among them once.
    /// - Returns: A Boolean value that is `false` when the pack is still to be given.
    mutating func followPack(of order: Account.Order, claiming references: [ProviderReference]) -> Bool {
        if order.isGivenBack { takeBack(Account.Grant.ID(givenFor: order.providerReference)) }
        guard let reference = order.packReference, let id = order.pack, references.contains(reference),
            !order.isGivenBack
        else { return true }
        guard let pack = catalogs.current.pack(id) else {
            let reason = "there is no pack '\(id)' in catalog version \(catalogs.current.version)."
            return tellOfPack(notGivenFor: order, because: reason)
        }
        do throws(Account.DecisionError) {
            try checkRoomForGrants()
        } catch {
            return tellOfPack(notGivenFor: order, because: error.message)
        }
        let (amount, subject) = pack.contents.lot
        // Bought by a clock that is ahead, it can be used all the same.
        let boughtAt = min(order.createdAt, now)
        perform(
            .granted(
                Account.Grant(
                    id: Account.Grant.ID(givenFor: reference),
                    subject: subject,
                    source: .order,
                    basis: .bought,
                    effective: boughtAt,
                    expiry: pack.life?.boundary(1, from: boughtAt),
                    amount: amount
                )
            )
        )
        return true
    }

    /// Tells of a pack that was paid for and cannot be given now.
    private mutating func tellOfPack(notGivenFor order: Account.Order, because reason: String) -> Bool {
        // Newer word of an order that was paid before is no second payment.
        if facts.order?.packReference == nil {
            notice(.inconsistent(.error, "The pack of the paid order '\(order.id)' could not be given: \(reason)"))
        }
        return false
    }

    private mutating func takeBack(_ name: Account.Grant.ID) {
        guard let grant = account.grant(name), !grant.isOver(at: now) else { return }
        perform(.voided(name, amount: grant.remaining, at: now))
        if grant.held == 0 { retire(name) }
    }
}

extension Pack.Contents {
    /// The units that are given, and what they are of.
    var lot: (amount: Int64, subject: Account.Balance.Subject) {
        switch self {
        case .credits(let units, of: let pool): (units, .pool(pool))
        case .units(let units, of: let meter): (units, .meter(meter))
        }
    }
}
