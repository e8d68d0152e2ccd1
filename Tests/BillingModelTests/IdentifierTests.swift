import BillingModel
import Foundation
import Testing

@Suite struct IdentifierTests {
    static let composed = "caf\u{E9}"
    static let decomposed = "cafe\u{301}"

    @Test func `ids are equal when their bytes are`() {
        #expect(Self.composed == Self.decomposed, "Swift takes them for the same text")
        #expect(CustomerID(Self.composed) != CustomerID(Self.decomposed))
        #expect(CustomerID(Self.composed) == CustomerID("caf\u{E9}"))
        #expect(Account.Key("\u{212B}") != Account.Key("\u{C5}"))
        #expect(Meter.ID("a") != Meter.ID("A"))
    }

    @Test func `ids of other bytes are apart in sets and dictionaries`() {
        let ids: Set<CustomerID> = [CustomerID(Self.composed), CustomerID(Self.decomposed), CustomerID(Self.composed)]
        #expect(ids.count == 2)
        #expect(CustomerID(Self.composed).hashValue == CustomerID("caf\u{E9}").hashValue)
        let units: [Meter.ID: Int] = [Meter.ID(Self.composed): 1, Meter.ID(Self.decomposed): 2]
        #expect(units[Meter.ID(Self.decomposed)] == 2)
    }

    @Test func `neighbouring ids do not run into one another`() {
        struct Pair: Hashable {
            let first: CustomerID
            let second: CustomerID
        }
        #expect(Set([Pair(first: "ab", second: "c"), Pair(first: "a", second: "bc")]).count == 2)
    }

    @Test func `ids are ordered by their bytes`() {
        let sorted = ["", "A", "Z", "a", "ab", Self.decomposed, Self.composed, "\u{FF21}", "\u{1F600}"]
        #expect(
            sorted.reversed().map { CustomerID($0) }.sorted().map(\.rawValue).map { Array($0.utf8) }
                == sorted.map { Array($0.utf8) }
        )
        #expect(!(CustomerID("a") < CustomerID("a")))
    }

    @Test func `long ids are ordered by the first byte in which they differ, or by length`() {
        for length in 0...20 {
            let start = String(repeating: "m", count: length)
            #expect(CustomerID(start) < CustomerID(start + "a"))
            for position in 0..<length {
                // What comes later says the opposite, and would win if it were looked at first.
                let (before, after) = (start.prefix(position), String(repeating: "a", count: length - position))
                #expect(CustomerID(before + "a" + after + "z") < CustomerID(start + "a"))
                #expect(CustomerID(start + "z") < CustomerID(before + "\u{E9}" + after))
            }
        }
    }

    @Test func `ids print and encode as their text`() throws {
        let ids: [Tier.ID] = [.pro, Tier.ID(Self.decomposed)]
        #expect("\(ids[0])" == "pro")
        let data = try JSONEncoder().encode(ids)
        #expect(try JSONDecoder().decode([String].self, from: data) == ["pro", Self.decomposed])
        #expect(try JSONDecoder().decode([Tier.ID].self, from: data) == ids)
    }

    @Test func `versions of an object are ordered by the object, then by the event`() {
        func version(_ object: Int64, _ event: Int64) -> ObjectVersion {
            ObjectVersion(object: Timestamp(microseconds: object), event: Timestamp(microseconds: event))
        }
        #expect(version(1, 9) < version(2, 0))
        #expect(version(2, 0) < version(2, 1))
        #expect(!(version(2, 1) < version(2, 1)))
    }

    @Test func `a reference of the provider is read out in words`() {
        let reference = ProviderReference(provider: "polar", kind: .order, id: "19ac95c4")
        #expect(reference.description == "polar order 19ac95c4")
    }
}
