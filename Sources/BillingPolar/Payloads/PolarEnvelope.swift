/// The frame of a Polar event.
enum PolarEnvelope {
    /// What kind of event it is, and when Polar made it.
    struct Head: Decodable {
        let type: String
        let timestamp: PolarTimestamp
    }

    /// What it is about.
    struct Body<Payload: Decodable>: Decodable {
        let data: Payload
    }
}
