import BillingKit

extension KeyedDecodingContainer {
    func timestamp(_ key: Key) throws -> Timestamp {
        try decode(PolarTimestamp.self, forKey: key).value
    }

    func optionalTimestamp(_ key: Key) throws -> Timestamp? {
        try decodeIfPresent(PolarTimestamp.self, forKey: key)?.value
    }
}
