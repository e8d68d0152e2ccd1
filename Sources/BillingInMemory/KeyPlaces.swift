import BillingKit

/// Where in a journal the change of each key is.
///
/// A dictionary of keys would do; but it would hold each key a second time, and hash all of them anew whenever it
/// grows. This one holds their hashes, and looks into the journal for the keys themselves.
struct KeyPlaces {
    private var places: [Int: Int] = [:]
    /// The keys whose hash another key had first.
    private var others: [Account.Key: Int] = [:]

    /// Returns the place of a key's change, or `nil` where it is free.
    func place(of key: Account.Key, in journal: [Account.Change]) -> Int? {
        guard let place = places[key.hashValue] else { return nil }
        guard place >= journal.count || journal[place].key != key else { return place }
        return others[key]
    }

    /// Gives a key a place, or returns `false` when it has one.
    ///
    /// Places beyond the journal's end are those of changes that are about to be added.
    mutating func take(
        _ key: Account.Key,
        for place: Int,
        in journal: [Account.Change],
        and changes: [Account.Change]
    ) -> Bool {
        let hash = key.hashValue
        guard let known = places.updateValue(place, forKey: hash) else { return true }
        places[hash] = known
        let holder = known < journal.count ? journal[known] : changes[known - journal.count]
        guard holder.key != key else { return false }
        guard others[key] == nil else { return false }
        others[key] = place
        return true
    }

    /// Takes a key's place back, which was given for a change that was not added.
    mutating func free(_ key: Account.Key, in journal: [Account.Change]) {
        let hash = key.hashValue
        if let place = places[hash], place >= journal.count { places[hash] = nil } else { others[key] = nil }
    }
}
