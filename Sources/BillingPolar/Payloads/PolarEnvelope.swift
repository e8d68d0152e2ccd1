import BillingKit

/// The frame of a Polar event.
enum PolarEnvelope {
    /// What kind of event it is, and when Polar made it.
    struct Head: Decodable {
        let type: String
        let timestamp: Timestamp

        enum CodingKeys: CodingKey {
            case type, timestamp
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            timestamp = try container.decode(PolarTimestamp.self, forKey: .timestamp).value
        }
    }

    /// What it is about.
    struct Body<Payload: Decodable>: Decodable {
        let data: Payload
    }
}
