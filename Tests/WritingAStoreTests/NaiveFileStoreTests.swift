import BillingKit
import BillingTesting
import Foundation
import Testing

@Suite struct NaiveFileStoreTests {
    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check { try NaiveFileStore(folder.path("billing")) }
    }

    @Test(arguments: LastingLaw.all)
    func lastingLaw(_ law: LastingLaw) async throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check {
            try NaiveFileStore(folder.path("billing"))
        } closing: {
            try await $0.close()
        }
    }

    @Test(arguments: SystemLaw.all)
    func systemLaw(_ law: SystemLaw) async throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check { try NaiveFileStore(folder.path("billing")) }
    }

    @Test func `after a write that failed nothing more is written or read, until the file is opened again`()
        async throws
    {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let store = try NaiveFileStore(folder.path("failing"))
        let duty = LeaseRequest(now: Timestamp(seconds: 0), until: Timestamp(seconds: 60), limit: 1)
        #expect(try await store.leaseNotices(duty).isEmpty)
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(Meter.ID("documents"), name: "Documents")],
            tiers: [Tier(Tier.ID("free"), rank: 0, name: "Free")],
            fallback: Tier.ID("free")
        )
        // Closed beneath it, the file takes nothing more.
        try await store.close()
        let first = await #expect(throws: StoreError.self) { try await store.keep(catalog) }
        #expect(first?.code == .outcomeUnknown)
        let second = await #expect(throws: StoreError.self) { try await store.keep(catalog) }
        #expect(second?.code == .closed)
        let third = await #expect(throws: StoreError.self) { try await store.catalog(1) }
        #expect(third?.code == .closed)
        #expect(try await NaiveFileStore(folder.path("failing")).catalog(1) == nil)
    }

    @Test func `a write that was cut off is gone, and everything before it is there, wherever the cut is`() async throws
    {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let documents = Meter.ID("documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let store = try NaiveFileStore(folder.path("whole"))
        let billing = try await BillingSystem(catalog: catalog, store: store)
        var lengths: [Int] = []
        let file = URL(fileURLWithPath: folder.path("whole"))
        for number in 1...2 {
            _ = try await billing.consume(3, of: documents, for: "org_acme", key: .request("\(number)"))
            lengths.append(try Data(contentsOf: file).count)
        }
        try await store.close()
        let whole = try Data(contentsOf: file)
        for length in stride(from: lengths[0], through: lengths[1], by: 1) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: folder.path("cut")))
            let cut = try NaiveFileStore(folder.path("cut"))
            let billing = try await BillingSystem(catalog: catalog, store: cut)
            let before = try await cut.journal(JournalQuery(customer: "org_acme")).count
            #expect(before == (length == lengths[1] ? 2 : 1), "cut at \(length) of \(lengths[1])")
            _ = try await billing.consume(3, of: documents, for: "org_acme", key: .request("2"))
            #expect(try await cut.journal(JournalQuery(customer: "org_acme")).count == 2)
            try await cut.close()
        }
    }
}

/// A folder for one test, removed with the value.
private final class Folder: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("billing-kit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }
}
