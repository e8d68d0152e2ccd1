import BillingKit

extension Upgrade: Filed {
    func write(to page: inout Page) {
        page.write(key, stage, wish, lockedAt, clickedAt, cancelledAt, successSeenAt)
        page.write(start, denial, visit, checkouts)
    }

    init(from page: inout Page) throws {
        self.init(
            key: try page.read(),
            stage: try page.read(),
            wish: try page.read(),
            lockedAt: try page.read(),
            clickedAt: try page.read(),
            cancelledAt: try page.read(),
            successSeenAt: try page.read(),
            start: try page.read(),
            denial: try page.read(),
            visit: try page.read(),
            checkouts: try page.read()
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
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0: self = .reference(try page.read())
        case 1: self = .tier(try page.read())
        case 2: self = .pack(try page.read())
        case 3: self = .checkout(try page.read())
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

extension Upgrade.Start: Filed {
    func write(to page: inout Page) { page.write(member, at) }

    init(from page: inout Page) throws { self.init(by: try page.read(), at: try page.read()) }
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

extension Upgrade.Visit: Filed {
    func write(to page: inout Page) {
        page.write(attribution.source, attribution.medium, attribution.campaign, attribution.term)
        page.write(attribution.content, attribution.referrer, attribution.landingPage, at)
    }

    init(from page: inout Page) throws {
        let attribution = Upgrade.Attribution(
            source: try page.read(),
            medium: try page.read(),
            campaign: try page.read(),
            term: try page.read(),
            content: try page.read(),
            referrer: try page.read(),
            landingPage: try page.read()
        )
        self.init(attribution, at: try page.read())
    }
}

extension Upgrade.Checkout: Filed {
    func write(to page: inout Page) {
        page.write(id, url, openedAt, expiresAt, isExpired, version, target, payment)
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
            payment: try page.read()
        )
    }
}

extension Upgrade.Checkout.Payment: Filed {
    func write(to page: inout Page) { page.write(order, at, target) }

    init(from page: inout Page) throws {
        self.init(order: try page.read(), at: try page.read(), target: try page.read())
    }
}

extension Upgrade.Denial.Limit: Filed {}
extension Upgrade.Stage: Filed {}
extension Upgrade.Step: Filed {}
