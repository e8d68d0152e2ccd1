import BillingModel
import Foundation
import Testing

@Suite struct OverrideTests {
    private static func problems(_ terms: Account.Override.Term...) throws -> [String] {
        try Shop.catalog().problems(in: terms.map { Account.Override($0) }).map(\.description)
    }

    @Test func `an override may stand in place of every term`() throws {
        let problems = try Self.problems(
            .allowance(.limited(9, per: .week, overage: .countedWithoutCap), of: .documents),
            .allowance(.level(100), of: Shop.seats),
            .rates([.init(6_000, per: .minute)], of: .documents),
            .feature(Shop.sso, false),
            .feature(Shop.regions, 12)
        )
        #expect(problems == [])
        #expect(try Self.problems() == [])
    }

    @Test func `no rates at all lift a tier's`() throws {
        #expect(try Self.problems(.rates([], of: .documents)) == [])
    }

    @Test func `an override is held to what a tier is held to, and all at once`() throws {
        let problems = try Self.problems(
            .allowance(.limited(0, per: .week), of: Shop.seats),
            .allowance(.unlimited, of: .calls),
            .rates([.init(0, per: .month)], of: Shop.seats),
            .feature(Shop.sso, "yes"),
            .feature(.init("chat"), true)
        )
        #expect(
            problems == [
                "overrides[0].allowances.seats: a gauge takes '.level', for it is not used up.",
                "overrides[0].allowances.seats.units: 0 is not between 1 and 1000000000000000000.",
                "overrides[1].allowances.calls: no meter is called 'calls'.",
                "overrides[2].rates.seats: this needs a consumable meter, for a gauge is not used up.",
                "overrides[2].rates.seats[0].units: 0 is not between 1 and 1000000000000000000.",
                "overrides[2].rates.seats[0].per: a window of month is not a fixed time of at most 31 days.",
                "overrides[3].features.sso: the value is a text, and the feature is a flag.",
                "overrides[4].features.chat: no feature is called 'chat'.",
            ]
        )
    }

    @Test func `nothing is overridden twice`() throws {
        let problems = try Self.problems(
            .allowance(.unlimited, of: .documents),
            .rates([], of: .documents),
            .allowance(.none, of: .documents)
        )
        #expect(problems == ["overrides[2]: 'the allowance on documents' is there before."])
    }

    @Test func `a customer has at most 64 overrides`() throws {
        let overrides = (0..<65).map { _ in Account.Override(.feature(Shop.sso, true)) }
        let problems = try Shop.catalog().problems(in: overrides)
        #expect(problems.first?.description == "overrides: 65 are too many; the bound is 64.")
        #expect(problems.count == 65)
    }

    @Test func `an override reads back as it was encoded`() throws {
        let overrides = [
            Account.Override(.allowance(.level(3), of: Shop.seats), until: Fixture.day(30)),
            Account.Override(.rates([.init(6, per: .minute)], of: .documents)),
            Account.Override(.feature(Shop.support, "phone")),
        ]
        let data = try JSONEncoder().encode(overrides)
        #expect(try JSONDecoder().decode([Account.Override].self, from: data) == overrides)
    }
}
