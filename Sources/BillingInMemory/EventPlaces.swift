import BillingKit

/// Where in a journal each event was counted last.
///
/// A dictionary of events would hold each id a second time, read all of them again whenever it grows, and compare with
/// some whenever it is asked. This one holds their hashes, and looks into the journal for the id itself.
struct EventPlaces {
    /// A change of the journal, and the event's place among those that it counted.
    private struct Place {
        let change: Int
        let ordinal: Int

        func holds(_ event: Account.EventID, in journal: [Account.Change]) -> Bool {
            journal[change].events[ordinal] == event
        }
    }

    private var places: [Int: Place] = [:]
    /// The places of events whose hash another one had first.
    private var others: [Account.EventID: Place] = [:]

    /// Returns when an event was counted last, or `nil` where it never was.
    func lastCounted(_ event: Account.EventID, in journal: [Account.Change]) -> Timestamp? {
        guard let place = places[event.hashValue] else { return nil }
        let found = place.holds(event, in: journal) ? place : others[event]
        return found.map { journal[$0.change].recordedAt }
    }

    /// Takes in the events of a change that is already in the journal.
    mutating func add(eventsOf index: Int, in journal: [Account.Change]) {
        for (ordinal, event) in journal[index].events.enumerated() {
            let (hash, place) = (event.hashValue, Place(change: index, ordinal: ordinal))
            guard let known = places.updateValue(place, forKey: hash), !known.holds(event, in: journal) else {
                continue
            }
            places[hash] = known
            others[event] = place
        }
    }
}
