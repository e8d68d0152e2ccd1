import BillingKit

extension Account.Balance.Subject: Filed {
    func write(to page: inout Page) {
        switch self {
        case .meter(let meter): page.write(0, meter)
        case .pool(let pool): page.write(1, pool)
        }
    }

    init(from page: inout Page) throws {
        self = try page.read(Int.self) == 0 ? .meter(try page.read()) : .pool(try page.read())
    }
}

extension Account.Period: Filed {
    func write(to page: inout Page) { page.write(subject, span, used, uncovered, grant, lastUsed) }

    init(from page: inout Page) throws {
        self.init(
            subject: try page.read(),
            span: try page.read(),
            used: try page.read(),
            uncovered: try page.read(),
            grant: try page.read(),
            lastUsed: try page.read()
        )
    }
}

extension Account.Grant: Filed {
    func write(to page: inout Page) {
        page.write(id, subject, source, basis, priority, effective, expiry)
        page.write(amount, used, held, expired, voided, moved)
    }

    init(from page: inout Page) throws {
        self.init(
            id: try page.read(),
            subject: try page.read(),
            source: try page.read(),
            basis: try page.read(),
            priority: try page.read(),
            effective: try page.read(),
            expiry: try page.read(),
            amount: try page.read(),
            used: try page.read(),
            held: try page.read(),
            expired: try page.read(),
            voided: try page.read(),
            moved: try page.read()
        )
    }
}

extension Account.Draw: Filed {
    func write(to page: inout Page) { page.write(meter, pool, cover, amount, at) }

    init(from page: inout Page) throws {
        self.init(
            meter: try page.read(),
            pool: try page.read(),
            cover: try page.read(),
            amount: try page.read(),
            at: try page.read()
        )
    }
}

extension Account.Draw.Cover: Filed {
    func write(to page: inout Page) {
        switch self {
        case .grant(let grant, let source): page.write(0, grant, source)
        case .credits: page.write(1)
        case .nothing: page.write(2)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .grant(try page.read(), try page.read())
        case 1: self = .credits
        default: self = .nothing
        }
    }
}

extension Account.Return: Filed {
    func write(to page: inout Page) { page.write(draw, revision) }

    init(from page: inout Page) throws { self.init(try page.read(), of: try page.read()) }
}

extension Account.Hold: Filed {
    func write(to page: inout Page) {
        page.write(id, meter, parts, credits, key, attempt, member, reservedAt, lapsesAt)
    }

    init(from page: inout Page) throws {
        self.init(
            id: try page.read(),
            meter: try page.read(),
            parts: try page.read(),
            credits: try page.read(),
            key: try page.read(),
            attempt: try page.read(),
            member: try page.read(),
            reservedAt: try page.read(),
            lapsesAt: try page.read()
        )
    }
}

extension Account.Hold.Part: Filed {
    func write(to page: inout Page) { page.write(grant, amount) }

    init(from page: inout Page) throws { self.init(grant: try page.read(), amount: try page.read()) }
}

extension Account.Hold.Credits: Filed {
    func write(to page: inout Page) { page.write(pool, units, parts) }

    init(from page: inout Page) throws {
        self.init(pool: try page.read(), units: try page.read(), parts: try page.read())
    }
}

extension Account.Window: Filed {
    func write(to page: inout Page) { page.write(meter, seconds, start, used) }

    init(from page: inout Page) throws {
        self.init(
            meter: try page.read(),
            seconds: try page.read(),
            start: try page.read(),
            used: try page.read()
        )
    }
}

extension Account.Warning: Filed {
    func write(to page: inout Page) {
        page.write(subject)
        switch degree {
        case .low(let threshold): page.write(0, threshold)
        case .exhausted: page.write(1)
        }
    }

    init(from page: inout Page) throws {
        self.init(try page.read(), try page.read(Int.self) == 0 ? .low(try page.read()) : .exhausted)
    }
}

extension Catalog.Threshold: Filed {
    func write(to page: inout Page) {
        switch self {
        case .percent(let percent): page.write(0, percent)
        case .units(let units): page.write(1, units)
        }
    }

    init(from page: inout Page) throws {
        self = try page.read(Int.self) == 0 ? .percent(try page.read()) : .units(try page.read())
    }
}

extension Timestamp: Filed {
    func write(to page: inout Page) { page.write(microseconds) }

    init(from page: inout Page) throws { self.init(microseconds: try page.read()) }
}

extension TimeSpan: Filed {
    func write(to page: inout Page) { page.write(start, end) }

    init(from page: inout Page) throws {
        guard let span = TimeSpan(start: try page.read(), end: try page.read()) else { throw page.unreadable }
        self = span
    }
}

extension Recurrence: Filed {
    func write(to page: inout Page) { page.write(count, unit, offsetSeconds) }

    init(from page: inout Page) throws {
        self.init(every: try page.read(), try page.read(), offsetSeconds: try page.read())
    }
}

extension Account.Grant.Source: Filed {}
extension Account.Grant.Basis: Filed {}
extension Recurrence.Unit: Filed {}
