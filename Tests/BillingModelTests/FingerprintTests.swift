import BillingModel
import Testing

/// Stores keep fingerprints for years, so their numbers must never change.
///
/// These were worked out elsewhere.
@Suite struct FingerprintTests {
    private static let receipt = Account.Receipt(
        revision: 1,
        line: .init(subject: .meter(.documents), amount: 7, remaining: .units(3)),
        at: Fixture.opening
    )

    private static func upgrade(_ cycle: Recurrence?, _ reference: String?) -> Account.Command {
        Account.Command(.startUpgrade(.init(tier: .pro, cycle: cycle, reference: reference)))
    }

    @Test(
        arguments: [
            (.consume(4), -5_421_332_749_009_359_445),
            (.reserve(7), 3_090_274_199_615_693_223),
            (Work(key: "job", receipt: receipt, hold: Account.Hold.ID("1.0")).capture(5), 3_090_274_199_615_693_223),
            (Account.Command(.release(Account.Hold.ID("1.0"))), 7_465_037_061_492_454_439),
            (upgrade(.month, "job-1"), 2_040_861_602_205_621_179),
            (upgrade(nil, nil), -8_817_405_949_444_930_904),
            (.take(ProviderSnapshot(provider: "polar")), -8_450_181_109_775_991_736),
        ] as [(Account.Command, Int64)]
    )
    func `a fingerprint is the same in every process and version`(command: Account.Command, number: Int64) {
        #expect(command.fingerprint == number)
    }

    @Test func `other content has another fingerprint`() {
        let others: [Account.Command] = [
            .consume(4), .consume(upTo: 4), .record(4), .consume(5),
            .consumeAll([(.documents, 4)]), .consumeAll([(.documents, 4), (.searches, 4)]), .consume(4, of: .searches),
            .reserve(4),
            .reserve(5), .reserve(4, of: .searches),
            Self.upgrade(nil, nil), Self.upgrade(.month, nil), Self.upgrade(nil, "month"),
            Account.Command(.release(Account.Hold.ID("4"))), .take(ProviderSnapshot(provider: "stripe")),
        ]
        #expect(Set(others.map(\.fingerprint)).count == others.count)
    }

    @Test func `who acts, the try and how long it may take are no part of it`() {
        let plain = Account.Command.reserve(7)
        #expect(plain.fingerprint == Account.Command.reserve(7, attempt: "second", for: .days(1)).fingerprint)
        #expect(plain.fingerprint == Account.Command(plain.action, key: "k", member: "ann").fingerprint)
    }
}
