import BillingKit

extension Upgrade: Filed {
    func write(to page: inout Page) {
        page.write(key, stage, acts, checkouts, abandonedAt)
    }

    init(from page: inout Page) throws {
        self.init(
            key: try page.read(),
            stage: try page.read(),
            acts: try page.read(),
            checkouts: try page.read(),
            abandonedAt: try page.read()
        )
    }
}

extension Upgrade.Key: Filed {
    func write(to page: inout Page) {
        switch self {
        case .reference(let reference): page.write(0, reference)
        case .tier(let tier): page.write(1, tier)
        case .pack(let pack): page.write(2, pack)
        case .checkout(let checkout): page.write(3, checkout)
        case .again(let target, after: let order): page.write(4, target, order)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .reference(try page.read())
        case 1: self = .tier(try page.read())
        case 2: self = .pack(try page.read())
        case 3: self = .checkout(try page.read())
        case 4: self = .again(try page.read(), after: try page.read())
        default: throw page.unreadable
        }
    }
}

extension Upgrade.Target: Filed {
    func write(to page: inout Page) {
        switch self {
        case .tier(let tier): page.write(0, tier)
        case .pack(let pack): page.write(1, pack)
        }
    }

    init(from page: inout Page) throws {
        self = try page.read(Int.self) == 0 ? .tier(try page.read()) : .pack(try page.read())
    }
}

extension Upgrade.Wish: Filed {
    func write(to page: inout Page) { page.write(target, cycle, promoCode, at) }

    init(from page: inout Page) throws {
        self.init(try page.read(), cycle: try page.read(), promoCode: try page.read(), at: try page.read())
    }
}

extension Upgrade.Act: Filed {
    func write(to page: inout Page) {
        page.write(kind, at, wish, member, denial, attribution, expiresAt, abandonedAt)
    }

    init(from page: inout Page) throws {
        self.init(
            try page.read(),
            at: try page.read(),
            wish: try page.read(),
            member: try page.read(),
            denial: try page.read(),
            attribution: try page.read(),
            expiresAt: try page.read(),
            abandonedAt: try page.read()
        )
    }
}

extension Upgrade.Denial: Filed {
    func write(to page: inout Page) { page.write(limit, meter, tier, requested, remaining, at) }

    init(from page: inout Page) throws {
        self.init(
            try page.read(),
            meter: try page.read(),
            tier: try page.read(),
            requested: try page.read(),
            remaining: try page.read(),
            at: try page.read()
        )
    }
}

extension Upgrade.Attribution: Filed {
    func write(to page: inout Page) {
        page.write(source, medium, campaign, term)
        page.write(content, referrer, landingPage)
    }

    init(from page: inout Page) throws {
        self.init(
            source: try page.read(),
            medium: try page.read(),
            campaign: try page.read(),
            term: try page.read(),
            content: try page.read(),
            referrer: try page.read(),
            landingPage: try page.read()
        )
    }
}

extension Upgrade.Checkout: Filed {
    func write(to page: inout Page) {
        page.write(id, url, openedAt, expiresAt, isExpired, version, target, payment)
        page.write(urlSource, expirySource, beginning, runsUntil)
    }

    init(from page: inout Page) throws {
        self.init(
            id: try page.read(),
            url: try page.read(),
            openedAt: try page.read(),
            expiresAt: try page.read(),
            isExpired: try page.read(),
            version: try page.read(),
            target: try page.read(),
            payment: try page.read(),
            urlSource: try page.read(),
            expirySource: try page.read(),
            beginning: try page.read(),
            runsUntil: try page.read()
        )
    }
}

extension Upgrade.Checkout.Source: Filed {
    func write(to page: inout Page) { page.write(object, event) }

    init(from page: inout Page) throws {
        self.init(object: try page.read(), event: try page.read())
    }
}

extension Upgrade.Checkout.Beginning: Filed {
    func write(to page: inout Page) { page.write(order, at, subscription) }

    init(from page: inout Page) throws {
        self.init(order: try page.read(), at: try page.read(), subscription: try page.read())
    }
}

extension Upgrade.Checkout.Payment: Filed {
    func write(to page: inout Page) { page.write(provider, order, at, target, isChange, reference) }

    init(from page: inout Page) throws {
        self.init(
            provider: try page.read(),
            order: try page.read(),
            at: try page.read(),
            target: try page.read(),
            isChange: try page.read(),
            reference: try page.read()
        )
    }
}

extension Upgrade.Act.Kind: Filed {}
extension Upgrade.Denial.Limit: Filed {}
extension Upgrade.Stage: Filed {}
extension Upgrade.Step: Filed {}

extension Subscription.Key: Filed {
    func write(to page: inout Page) { page.write(provider, id) }

    init(from page: inout Page) throws {
        self.init(provider: try page.read(), id: try page.read())
    }
}
