import BillingKit

extension Account.Standing: Filed {
    func write(to page: inout Page) { page.write(tier, catalog, until) }

    init(from page: inout Page) throws {
        self.init(tier: try page.read(), catalog: try page.read(), until: try page.read())
    }
}

extension Account.Trial: Filed {
    func write(to page: inout Page) { page.write(startedAt, days, gift, catalog, grant, remindedDays, endedAt) }

    init(from page: inout Page) throws {
        self.init(
            startedAt: try page.read(),
            days: try page.read(),
            gift: try page.read(),
            catalog: try page.read(),
            grant: try page.read(),
            remindedDays: try page.read(),
            endedAt: try page.read()
        )
    }
}

extension Catalog.Trial.Gift: Filed {
    func write(to page: inout Page) {
        switch self {
        case .tier(let tier): page.write(0, tier)
        case .credits(let units, of: let pool): page.write(1, units, pool)
        case .units(let units, of: let meter): page.write(2, units, meter)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .tier(try page.read())
        case 1: self = .credits(try page.read(), of: try page.read())
        default: self = .units(try page.read(), of: try page.read())
        }
    }
}

extension Account.Override: Filed {
    func write(to page: inout Page) {
        page.write(end)
        switch term {
        case .allowance(let allowance, of: let meter): page.write(0, allowance, meter)
        case .rates(let rates, of: let meter): page.write(1, rates, meter)
        case .feature(let feature, let value): page.write(2, feature, value)
        }
    }

    init(from page: inout Page) throws {
        let end = try page.read(Timestamp?.self)
        switch try page.read(Int.self) {
        case 0: self.init(.allowance(try page.read(), of: try page.read()), until: end)
        case 1: self.init(.rates(try page.read(), of: try page.read()), until: end)
        default: self.init(.feature(try page.read(), try page.read()), until: end)
        }
    }
}

extension Allowance: Filed {
    func write(to page: inout Page) {
        switch self {
        case .none: page.write(0)
        case .limited(let units, per: let recurrence, overage: let overage, rollover: let rollover):
            page.write(1, units, recurrence, overage, rollover)
        case .level(let units, overage: let overage): page.write(2, units, overage)
        case .unlimited: page.write(3)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .none
        case 1:
            self = .limited(
                try page.read(),
                per: try page.read(),
                overage: try page.read(),
                rollover: try page.read()
            )
        case 2: self = .level(try page.read(), overage: try page.read())
        default: self = .unlimited
        }
    }
}

extension Allowance.Overage: Filed {
    func write(to page: inout Page) {
        switch self {
        case .refused: page.write(0)
        case .counted(let cap): page.write(1, cap)
        case .countedWithoutCap: page.write(2)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .refused
        case 1: self = .counted(upTo: try page.read())
        default: self = .countedWithoutCap
        }
    }
}

extension Allowance.Rollover: Filed {
    func write(to page: inout Page) {
        switch self {
        case .none: page.write(0)
        case .upTo(let cap): page.write(1, cap)
        }
    }

    init(from page: inout Page) throws {
        self = try page.read(Int.self) == 0 ? .none : .upTo(try page.read())
    }
}

extension Tier.Rate: Filed {
    func write(to page: inout Page) { page.write(units, window) }

    init(from page: inout Page) throws { self.init(try page.read(), per: try page.read()) }
}

extension Feature.Value: Filed {
    func write(to page: inout Page) {
        switch self {
        case .flag(let flag): page.write(0, flag)
        case .number(let number): page.write(1, number)
        case .text(let text): page.write(2, text)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .flag(try page.read())
        case 1: self = .number(try page.read())
        default: self = .text(try page.read())
        }
    }
}

extension Catalog.Version: Filed {
    func write(to page: inout Page) { page.write(number) }

    init(from page: inout Page) throws { self.init(try page.read(Int64.self)) }
}
