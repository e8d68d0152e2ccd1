import BillingKit

/// What the customers of a world do at random, and remember of it.
struct Customers: Sendable {
    private struct Work {
        let customer: CustomerID
        let reservation: BillingSystem.Reservation
    }

    private var dice: Dice
    private let names: [CustomerID]
    /// The number of requests so far.
    private(set) var requests = 0
    private var works: [Work] = []
    private var grants: [(customer: CustomerID, grant: Account.Grant.ID)] = []
    /// Uses of units, which may be refunded.
    private var uses: [(customer: CustomerID, key: String, meter: Meter.ID)] = []
    /// What was answered, and may be asked again.
    private var answered: [Request] = []

    init(count: Int, dice: Dice) {
        self.dice = dice
        names = Array(["ada", "bob", "cyd"].prefix(count))
    }

    /// Remembers what became of a request.
    mutating func note(_ answer: Answer, to request: Request) {
        if request.key != nil || request.accountKey != nil { answered.append(request) }
        let customer = request.customer
        switch (request.wish, answer) {
        case (.consume(let meter, _), .receipt), (.consumeUpTo(let meter, _), .receipt),
            (.record(let meter, _), .receipt), (.recordEvents(let meter, _), .receipt),
            (.metered(let meter, _, _, _), .receipt):
            if let key = request.key { uses.append((customer, key, meter)) }
        case (.consumeAll, .receipt):
            if let key = request.key { uses.append((customer, key, dice.pick([Shop.images, Shop.pages]))) }
        case (.capture(let work, _), .receipt):
            uses.append((customer, String(work.key.rawValue.dropFirst("request:".count)), work.meter))
        case (.reserve, .reserved(let reservation)):
            works.append(Work(customer: customer, reservation: reservation))
        case (.grant, .receipt(_, let grant?)), (.grantPack, .receipt(_, let grant?)):
            grants.append((customer, grant))
        default: break
        }
    }

    /// Returns the next request: a new one, or one that was sent before or is on its way.
    mutating func next(inFlight: [Request]) -> Request {
        requests += 1
        switch dice.below(100) {
        case 0..<15: if let old = dice.pickAny(Array(answered.suffix(30))) { return old }
        case 15..<22: if let old = dice.pickAny(inFlight.filter { $0.accountKey != nil }) { return old }
        case 22..<29:
            if let old = dice.pickAny(Array(answered.suffix(30))), old.key != nil {
                return Request(number: requests, customer: old.customer, key: old.key, wish: somethingElse())
            }
        default: break
        }
        let customer = dice.pick(names)
        let wish = wish(of: customer)
        let isKeyed =
            switch wish {
            case .capture, .release, .extend, .startTrial, .check, .overview, .examine: false
            default: true
            }
        return Request(number: requests, customer: customer, key: isKeyed ? "k\(requests)" : nil, wish: wish)
    }

    /// Returns something that nobody asks for otherwise, for a key that was used.
    private mutating func somethingElse() -> Request.Wish {
        let meter = dice.pick([Shop.images, Shop.pages])
        let amount = dice.number(100...120)
        return dice.pick([
            .consume(meter, amount), .record(meter, amount), .setLevel(amount),
            .metered(meter, amount, seconds: 1, fails: false),
        ])
    }

    private mutating func wish(of customer: CustomerID) -> Request.Wish {
        let meter = dice.pick([Shop.images, Shop.pages])
        let amount = dice.happens(150) ? dice.number(10...60) : dice.number(1...6)
        return switch dice.below(100) {
        case 0..<24: use(amount, of: meter)
        case 24..<54: work(amount, of: meter, for: customer)
        case 54..<69: putRight(amount, of: meter, for: customer)
        case 69..<81: give(amount, of: meter, to: customer)
        case 81..<92: gauge()
        case 92..<94: .startTrial
        case 94..<97: .check(meter, amount)
        default: dice.happens(700) ? .overview : .examine
        }
    }

    private mutating func use(_ amount: Int64, of meter: Meter.ID) -> Request.Wish {
        switch dice.below(8) {
        case 0: .consumeAll(images: amount, pages: dice.number(1...5))
        case 1, 2: .consumeUpTo(meter, amount * 2)
        case 3: .record(meter, amount)
        case 4:
            // Batches overlap, so that events are told of twice.
            .recordEvents(meter, ids: (requests / 8)...(requests / 8 + Int(min(amount, 5))))
        default: .consume(meter, amount)
        }
    }

    private mutating func work(_ amount: Int64, of meter: Meter.ID, for customer: CustomerID) -> Request.Wish {
        let mine = works.filter { $0.customer == customer }.suffix(5).map(\.reservation)
        if dice.happens(250) {
            return .metered(meter, amount, seconds: dice.pick([1, 60, 600, 5_000]), fails: dice.happens(250))
        }
        guard let work = dice.pickAny(Array(mine)), dice.happens(700) else {
            return .reserve(meter, amount, attempt: requests)
        }
        return switch dice.below(6) {
        case 0, 1: .capture(work, nil)
        case 2: .capture(work, dice.number(0...(work.receipt.amount + 8)))
        case 3, 4: .release(work)
        default: .extend(work, seconds: dice.number(1_000...14_000))
        }
    }

    private mutating func putRight(_ amount: Int64, of meter: Meter.ID, for customer: CustomerID) -> Request.Wish {
        let mine = uses.filter { $0.customer == customer }.suffix(8)
        if let use = dice.pickAny(Array(mine)), dice.happens(700) {
            return .refund(of: use.key, use.meter, dice.happens(500) ? nil : dice.number(1...6))
        }
        return .correct(meter, dice.happens(600) ? amount : -dice.number(1...3))
    }

    private mutating func give(_ amount: Int64, of meter: Meter.ID, to customer: CustomerID) -> Request.Wish {
        let mine = grants.filter { $0.customer == customer }.suffix(4)
        if let grant = dice.pickAny(Array(mine)), dice.happens(300) { return .void(grant.grant) }
        if dice.happens(350) { return .grantPack(order: "order-\(dice.below(3 + requests / 12))") }
        return .grant(
            dice.happens(500) ? .pool(Shop.credits) : .meter(meter),
            amount * 3,
            hours: dice.happens(600) ? dice.number(1...400) : nil,
            isBought: dice.happens(200),
            priority: dice.pick([0, 0, 0, -1, 1])
        )
    }

    private mutating func gauge() -> Request.Wish {
        switch dice.below(4) {
        case 0: .setLevel(dice.number(0...24))
        case 1, 2: .raise(dice.number(1...5))
        default: .lower(dice.number(1...3))
        }
    }
}
