import BillingKit

/// Something that a customer wants, once, however often it is sent and to whichever server.
struct Request: Hashable, Sendable {
    /// What is wanted.
    enum Wish: Hashable, Sendable {
        case consume(Meter.ID, Int64)
        case consumeUpTo(Meter.ID, Int64)
        case consumeAll(images: Int64, pages: Int64)
        case record(Meter.ID, Int64)
        case recordEvents(Meter.ID, ids: ClosedRange<Int>)
        case reserve(Meter.ID, Int64, attempt: Int)
        case capture(BillingSystem.Reservation, Int64?)
        case release(BillingSystem.Reservation)
        case extend(BillingSystem.Reservation, seconds: Int64)
        /// Work of so many seconds, which fails or does not.
        case metered(Meter.ID, Int64, seconds: Int64, fails: Bool)
        case refund(of: String, Meter.ID, Int64?)
        case correct(Meter.ID, Int64)
        case grant(Account.Balance.Subject, Int64, hours: Int64?, isBought: Bool, priority: Int64)
        case grantPack(order: String)
        case void(Account.Grant.ID)
        case setLevel(Int64)
        case raise(Int64)
        case lower(Int64)
        case startTrial
        case check(Meter.ID, Int64)
        case overview
        case examine
    }

    let number: Int
    let customer: CustomerID
    /// The id of the request's key; a capture has that of its work, and some have none.
    let key: String?
    let wish: Wish

    /// The key as the kit writes it.
    var accountKey: Account.Key? {
        if case .capture(let work, _) = wish { work.key } else { key.map { Account.Key("request:\($0)") } }
    }

    /// What is asked for under the key, as far as it tells one use of the key from another: work is the same from its
    /// beginning to its end, and on every try.
    var content: Wish {
        switch wish {
        case .capture(let work, _): .reserve(work.meter, work.receipt.amount, attempt: 0)
        case .reserve(let meter, let amount, _), .metered(let meter, let amount, _, _):
            .reserve(meter, amount, attempt: 0)
        default: wish
        }
    }

    /// What the tally calls it.
    var kind: String {
        switch wish {
        case .consume, .consumeAll, .consumeUpTo: "consume"
        case .record, .recordEvents: "record"
        case .reserve: "reserve"
        case .capture: "capture"
        case .release: "release"
        case .extend: "extend"
        case .metered: "metered"
        case .refund: "refund"
        case .correct: "correct"
        case .grant: "grant"
        case .grantPack: "grant pack"
        case .void: "void"
        case .setLevel, .raise, .lower: "gauge"
        case .startTrial: "trial"
        case .check, .overview, .examine: "read"
        }
    }

    /// The use of one meter that may be denied, for those of which it can be told whether it had to be.
    var demand: (meter: Meter.ID, amount: Int64)? {
        switch wish {
        case .consume(let meter, let amount), .reserve(let meter, let amount, _), .check(let meter, let amount),
            .metered(let meter, let amount, _, _):
            (meter, amount)
        case .consumeUpTo(let meter, _): (meter, 1)
        default: nil
        }
    }

    /// Returns whether a receipt says that what was asked for was done.
    func isMet(by receipt: Account.Receipt) -> Bool {
        let (subject, amount) = (receipt.subject, receipt.amount)
        return switch wish {
        case .consume(let meter, let wanted), .record(let meter, let wanted), .metered(let meter, let wanted, _, _):
            subject == .meter(meter) && amount == wanted
        case .consumeUpTo(let meter, let most): subject == .meter(meter) && (1...most).contains(amount)
        case .consumeAll(let images, let pages):
            [subject] + receipt.others.map(\.subject) == [.meter(Shop.images), .meter(Shop.pages)]
                && [amount] + receipt.others.map(\.amount) == [images, pages]
        case .recordEvents(let meter, let ids):
            subject == .meter(meter) && amount + receipt.skipped == Int64(ids.count)
        // A second end of the same work is told of the first.
        case .reserve(let meter, _, _): subject == .meter(meter)
        case .capture(let work, _): subject == .meter(work.meter)
        case .refund(_, let meter, let wanted):
            subject == .meter(meter) && amount > 0 && amount <= wanted ?? amount
        case .correct(let meter, let delta): subject == .meter(meter) && amount == abs(delta)
        case .grant(let wanted, let units, _, _, _): subject == wanted && amount == units
        case .grantPack: subject == .pool(Shop.credits) && amount == 100
        case .setLevel(let level): subject == .meter(Shop.seats) && amount == level
        case .raise, .lower: subject == .meter(Shop.seats)
        case .void, .release, .extend, .startTrial, .check, .overview, .examine: true
        }
    }
}

extension Request: CustomStringConvertible {
    var description: String { "#\(number) \(customer) \(key ?? "-") \(Text.of(wish))" }
}
