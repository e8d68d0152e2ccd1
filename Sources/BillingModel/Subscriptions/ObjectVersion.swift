/// How new a provider's word about one of its objects is.
///
/// The object's own time of modification decides; where two events tell of one modification, the later event
/// does. An older version never overwrites a newer one.
public struct ObjectVersion: Hashable, Sendable {
    /// When the object was last modified, or created if it never was.
    public let object: Timestamp

    /// When the provider made the event that carried the object.
    public let event: Timestamp

    /// Creates a version.
    public init(object: Timestamp, event: Timestamp) {
        self.object = object
        self.event = event
    }
}

extension ObjectVersion: Comparable {
    /// Returns whether the first comes before the second.
    public static func < (left: ObjectVersion, right: ObjectVersion) -> Bool {
        (left.object, left.event) < (right.object, right.event)
    }
}
