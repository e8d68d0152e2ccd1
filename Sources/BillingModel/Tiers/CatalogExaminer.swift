/// Goes through a catalog and writes down everything that is wrong with it.
///
/// Lists are read in their order and dictionaries by id, so the same catalog always has the same problems in the
/// same order.
struct CatalogExaminer {
    typealias Place = CatalogError.Place

    let catalog: Catalog
    let meters: [Meter.ID: Meter]
    let features: [Feature.ID: Feature]
    let pools: Set<CreditPool.ID>
    private(set) var problems: [CatalogError.Problem] = []
    private var offers: [ProviderID: [String: Catalog.Offer]] = [:]

    /// Reads the catalog's ids; a catalog that is being built may well have some of them twice.
    init(_ catalog: Catalog) {
        self.catalog = catalog
        meters = Dictionary(catalog.meters.map { ($0.id, $0) }) { first, _ in first }
        features = Dictionary(catalog.features.map { ($0.id, $0) }) { first, _ in first }
        pools = Set(catalog.pools.map(\.id))
    }

    mutating func note(_ fault: CatalogError.Fault, at place: Place) {
        problems.append(CatalogError.Problem(place: place, fault: fault))
    }

    mutating func check(_ number: Int64, within bounds: ClosedRange<Int64>, at place: Place) {
        if !bounds.contains(number) { note(.outOfBounds(number, bounds), at: place) }
    }

    mutating func check(_ units: Int64, at place: Place) {
        check(units, within: 1...Catalog.Limits.units, at: place)
    }

    mutating func check(_ text: String, limit: Int, at place: Place) {
        if !text.isWellFormed(within: limit) { note(.malformedText(limit: limit), at: place) }
    }

    mutating func check(count: Int, limit: Int, at place: Place) {
        if count > limit { note(.tooMany(count, limit: limit), at: place) }
    }

    /// Notes every entry that was there before; of texts, also one that only looks the same.
    mutating func checkUnique<Entry: Hashable>(
        _ entries: [Entry],
        at place: (Int) -> Place,
        says text: (Entry) -> String
    ) {
        var seen: Set<Entry> = []
        for (index, entry) in entries.enumerated() where !seen.insert(entry).inserted {
            note(.duplicate(text(entry)), at: place(index))
        }
    }

    /// Checks the ids and names of a list.
    ///
    /// Ids are compared as texts here and not byte for byte: two that people cannot tell apart, one of which has
    /// its accents as characters of their own, would be merged by the first JSON tool that touches them.
    mutating func checkNames(_ entries: [(id: String, name: String)], limit: Int, at list: Place) {
        check(count: entries.count, limit: limit, at: list)
        for (index, entry) in entries.enumerated() {
            let place = list.item(index, id: entry.id)
            check(entry.id, limit: String.maximumIdentifierLength, at: place.at("id"))
            check(entry.name, limit: Catalog.Limits.name, at: place.at("name"))
        }
        checkUnique(entries.map(\.id), at: { list.item($0, id: entries[$0].id).at("id") }, says: { $0 })
    }

    mutating func checkKnown(_ meter: Meter.ID, at place: Place) {
        if meters[meter] == nil { note(.unknown(.meter, meter.rawValue), at: place) }
    }

    mutating func checkConsumable(_ meter: Meter.ID, at place: Place) {
        checkKnown(meter, at: place)
        if meters[meter]?.kind == .gauge { note(.notForGauges, at: place) }
    }

    mutating func checkKnown(_ pool: CreditPool.ID, at place: Place) {
        if !pools.contains(pool) { note(.unknown(.pool, pool.rawValue), at: place) }
    }

    /// Checks what a price costs and sells.
    ///
    /// A product leads back to what was bought, so it is that of one offer: one tier with one cycle, or one pack.
    /// Prices of the same offer in several currencies may share it.
    mutating func check(_ amount: Money, _ products: [ProviderID: String], of offer: Catalog.Offer, at place: Place) {
        check(amount.minorUnits, within: 0...Catalog.Limits.minorUnits, at: place.at("amount"))
        let list = place.at("products")
        check(count: products.count, limit: Catalog.Limits.products, at: list)
        for (provider, product) in products.sorted(by: { $0.key < $1.key }) {
            let entry = list.at(provider.rawValue)
            check(provider.rawValue, limit: String.maximumIdentifierLength, at: entry)
            check(product, limit: String.maximumIdentifierLength, at: entry)
            if let other = offers[provider]?[product], other != offer {
                note(.productTaken(product, by: other), at: entry)
            } else {
                offers[provider, default: [:]][product] = offer
            }
        }
    }
}
