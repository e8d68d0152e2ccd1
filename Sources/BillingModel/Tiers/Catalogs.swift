/// The current catalog beside the earlier ones that a decision was given.
struct Catalogs {
    let current: Catalog
    let others: [Catalog.Version: Catalog]

    subscript(version: Catalog.Version) -> Catalog? {
        version == current.version ? current : others[version]
    }
}
