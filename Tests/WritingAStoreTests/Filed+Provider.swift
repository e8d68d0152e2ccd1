import BillingKit

extension Subscription: Filed {
    func write(to page: inout Page) {
        page.write(snapshot, periods, told, charges, dropped, catalog)
    }

    init(from page: inout Page) throws {
        self.init(
            snapshot: try page.read(),
            periods: try page.read(),
            told: try page.read(),
            charges: try page.read(),
            dropped: try page.read(),
            catalog: try page.read()
        )
    }
}

extension Subscription.Told: Filed {
    func write(to page: inout Page) { page.write(kind, at) }

    init(from page: inout Page) throws { self.init(try page.read(), at: try page.read()) }
}

extension Subscription.Told.Kind: Filed {}

extension Subscription.Charge: Filed {
    func write(to page: inout Page) { page.write(madeAt, isPaid, isForChange) }

    init(from page: inout Page) throws {
        self.init(madeAt: try page.read(), isPaid: try page.read(), isForChange: try page.read())
    }
}

extension Subscription.PaidPeriod: Filed {
    func write(to page: inout Page) { page.write(span, version, terms) }

    init(from page: inout Page) throws {
        self.init(span: try page.read(), version: try page.read(), terms: try page.read())
    }
}

extension Subscription.Terms: Filed {
    func write(to page: inout Page) { page.write(tier, quantity, catalog) }

    init(from page: inout Page) throws {
        self.init(tier: try page.read(), quantity: try page.read(), catalog: try page.read())
    }
}

extension SubscriptionSnapshot: Filed {
    func write(to page: inout Page) {
        page.write(provider, id, version, tier, status.rawValue, cycle, period, cancelsAtPeriodEnd)
        page.write(endsAt, endedAt, pastDueAt, trialEnd, pausesAtPeriodEnd, resumesAt, quantity)
        page.write(discount, price, pending)
    }

    init(from page: inout Page) throws {
        self.init(
            provider: try page.read(),
            id: try page.read(),
            version: try page.read(),
            tier: try page.read(),
            status: SubscriptionStatus(try page.read(String.self)),
            cycle: try page.read(),
            period: try page.read(),
            cancelsAtPeriodEnd: try page.read(),
            endsAt: try page.read(),
            endedAt: try page.read(),
            pastDueAt: try page.read(),
            trialEnd: try page.read(),
            pausesAtPeriodEnd: try page.read(),
            resumesAt: try page.read(),
            quantity: try page.read(),
            discount: try page.read(),
            price: try page.read(),
            pending: try page.read()
        )
    }
}

extension Subscription.PendingChange: Filed {
    func write(to page: inout Page) { page.write(tier, cycle, quantity, appliesAt) }

    init(from page: inout Page) throws {
        self.init(
            tier: try page.read(),
            cycle: try page.read(),
            quantity: try page.read(),
            appliesAt: try page.read()
        )
    }
}

extension Subscription.DroppedChange: Filed {
    func write(to page: inout Page) { page.write(tier, appliesAt) }

    init(from page: inout Page) throws {
        self.init(tier: try page.read(), appliesAt: try page.read())
    }
}

extension Benefit: Filed {
    func write(to page: inout Page) {
        page.write(
            key.provider,
            key.id,
            version,
            gift,
            isGranted,
            subscription,
            creditedAt,
            revokedAt,
            replacedAt
        )
    }

    init(from page: inout Page) throws {
        self.init(
            key: Key(provider: try page.read(), id: try page.read()),
            version: try page.read(),
            gift: try page.read(),
            isGranted: try page.read(),
            subscription: try page.read(),
            creditedAt: try page.read(),
            revokedAt: try page.read(),
            replacedAt: try page.read()
        )
    }
}

extension Benefit.Gift: Filed {
    func write(to page: inout Page) {
        switch self {
        case .units(let units, of: let subject, let rollsOver): page.write(0, units, subject, rollsOver)
        case .feature(let feature): page.write(1, feature)
        }
    }

    init(from page: inout Page) throws {
        self =
            try page.read(Int.self) == 0
            ? .units(try page.read(), of: try page.read(), rollsOver: try page.read()) : .feature(try page.read())
    }
}

extension ObjectVersion: Filed {
    func write(to page: inout Page) { page.write(object, event) }

    init(from page: inout Page) throws { self.init(object: try page.read(), event: try page.read()) }
}

extension Account.Order: Filed {
    func write(to page: inout Page) {
        page.write(provider, id, version, status, isPaid, purpose, createdAt, total, refundedMinorUnits)
        page.write(tier, pack, subscription, checkout, reference)
    }

    init(from page: inout Page) throws {
        self.init(
            provider: try page.read(),
            id: try page.read(),
            version: try page.read(),
            status: try page.read(),
            isPaid: try page.read(),
            purpose: try page.read(),
            createdAt: try page.read(),
            total: try page.read(),
            refundedMinorUnits: try page.read(),
            tier: try page.read(),
            pack: try page.read(),
            subscription: try page.read(),
            checkout: try page.read(),
            reference: try page.read()
        )
    }
}

extension Money: Filed {
    func write(to page: inout Page) { page.write(minorUnits, currency.code) }

    init(from page: inout Page) throws {
        let minorUnits = try page.read(Int64.self)
        self.init(minorUnits: minorUnits, currency: try Currency(named: try page.read(String.self)))
    }
}

extension Delivery: Filed {
    func write(to page: inout Page) {
        page.write(id.provider, id.id, receivedAt, state, detail, attempts, dueAt)
        page.write(bytes: body)
    }

    init(from page: inout Page) throws {
        let id = ID(provider: try page.read(), id: try page.read())
        let (receivedAt, state) = (try page.read(Timestamp.self), try page.read(State.self))
        let (detail, attempts) = (try page.read(String.self), try page.read(Int.self))
        let dueAt = try page.read(Timestamp?.self)
        self.init(
            id: id,
            body: Array(try page.readBytes()),
            receivedAt: receivedAt,
            state: state,
            detail: detail,
            attempts: attempts,
            dueAt: dueAt
        )
    }
}

extension Account.Order.Purpose: Filed {}
extension Delivery.State: Filed {}
