import BillingInMemory
import BillingKit

/// A life of which chance decides what is asked, the same for the same seed.
struct RandomLife {
    private let entropy: SeededEntropy
    private(set) var now = StoreTrial.start
    private var count = 0
    /// The keys under which something was asked.
    private var keys: [Account.Key] = []

    init(seed: UInt64) {
        entropy = SeededEntropy(seed: seed)
    }

    private func number(below bound: Int64) -> Int64 {
        Int64(entropy.next() % UInt64(bound))
    }

    private func one<Element>(of elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[Int(number(below: Int64(elements.count)))]
    }

    private mutating func nextKey() -> Account.Key {
        count += 1
        keys.append(Account.Key("key \(count)"))
        return keys[keys.count - 1]
    }

    /// Returns what is asked next of an account, or `nil` where chance finds nothing.
    mutating func next(for account: Account) -> Account.Command? {
        let steps: [Int64] = [0, 1, 1, 30, 600, 3_600, 86_400, 86_400 * 9, 86_400 * 40]
        now = now.advanced(by: .seconds(one(of: Array(steps.prefix(number(below: 4) == 0 ? 9 : 5))) ?? 0))
        switch number(below: 5) {
        case 0: return term(for: account)
        case 1: return work(for: account)
        case 2: return correction()
        default: return use()
        }
    }

    private mutating func use() -> Account.Command? {
        let meter = one(of: [Fixture.documents, Fixture.documents, Fixture.searches]) ?? Fixture.documents
        let use = Account.Command.Consumption(
            meter: meter,
            amount: 1 + number(below: 12),
            isPartial: number(below: 4) == 0
        )
        switch number(below: 8) {
        case 0:
            let other = Account.Command.Consumption(meter: Fixture.searches, amount: 1 + number(below: 5))
            let one = Account.Command.Consumption(meter: Fixture.documents, amount: 1 + number(below: 5))
            return Account.Command(.consumeAll([one, other]), key: nextKey())
        case 1: return Account.Command(.record(.init(meter: meter, amount: 1 + number(below: 60))), key: nextKey())
        case 2:
            let events = (0...number(below: 3)).map { _ in
                (Account.EventID("event \(number(below: 40))"), meter, 1 + number(below: 9))
            }
            return Fixture.record(events, key: nextKey())
        case 3:
            let level = number(below: 5)
            return Account.Command(.setLevel(.init(meter: Fixture.seats, units: level)), key: nextKey())
        default: return Account.Command(.consume(use), key: nextKey(), member: MemberID("member \(number(below: 3))"))
        }
    }

    private mutating func work(for account: Account) -> Account.Command? {
        guard let hold = one(of: account.holds), number(below: 3) > 0 else {
            let meter = one(of: [Fixture.documents, Fixture.searches]) ?? Fixture.documents
            return Fixture.reserve(1 + number(below: 9), of: meter, key: nextKey())
        }
        switch number(below: 6) {
        case 0: return Account.Command(.extend(hold.id, byMicroseconds: 1_000_000 * (1 + number(below: 9_000))))
        case 1: return Account.Command(.release(hold.id))
        default: return Fixture.capture(number(below: hold.amount + 4), of: hold)
        }
    }

    private mutating func correction() -> Account.Command? {
        guard number(below: 4) > 0, let key = one(of: keys) else {
            let amount = number(below: 9) - 5
            let correction = Account.Command.Correction(meter: Fixture.documents, amount: amount, reason: "By chance")
            return Account.Command(.correct(correction), key: nextKey(), member: "someone")
        }
        let meter = number(below: 3) == 0 ? Fixture.documents : nil
        let refund = Account.Command.Refund(of: key, meter: meter, amount: number(below: 2) == 0 ? nil : 1)
        return Account.Command(.refund(refund), key: nextKey())
    }

    private mutating func term(for account: Account) -> Account.Command? {
        let key = nextKey()
        let expiry = number(below: 2) == 0 ? now.advanced(by: .seconds(1 + number(below: 900_000))) : nil
        switch number(below: 9) {
        case 0: return Account.Command(.startTrial, key: key)
        case 1: return Fixture.override(1 + number(below: 90), key: key)
        case 2: return Account.Command(.override([]), key: key)
        case 3: return one(of: account.grants).map { Account.Command(.void($0.id), key: key) }
        case 4:
            let granting = Account.Command.Granting(
                1 + number(below: 40),
                of: .pool(Fixture.credits),
                from: .promotion,
                priority: number(below: 3) - 1,
                effective: number(below: 3) == 0 ? now.advanced(by: .seconds(60)) : nil,
                expiry: expiry
            )
            return Account.Command(.grant(granting), key: key)
        case 5: return Fixture.grant(1 + number(below: 15), expiry: expiry, identity: key.rawValue, key: key)
        case 6: return Fixture.upgrade(reference: "job \(number(below: 4))")
        case 7: return Account.Command(.settle)
        default:
            let tier = one(of: [Fixture.free, Fixture.pro, Fixture.enterprise]) ?? Fixture.pro
            let status = one(of: [SubscriptionStatus.active, .pastDue, .canceled]) ?? .active
            return Fixture.subscription(to: tier, days: 30 + number(below: 5), word: Int64(count), status: status)
        }
    }
}
