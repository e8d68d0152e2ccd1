/// The one entry of Polar's metadata that the kit reads; the host puts in what else it likes.
struct PolarMetadata: Decodable {
    let reference: String?

    private enum CodingKeys: CodingKey {
        case reference
    }

    init(from decoder: any Decoder) throws {
        // Metadata may hold numbers and truth values too, and an empty one is written as a list at times.
        let container = try? decoder.container(keyedBy: CodingKeys.self)
        reference =
            (try? container?.decodeIfPresent(String.self, forKey: .reference))
            ?? (try? container?.decodeIfPresent(Int64.self, forKey: .reference)).map(String.init)
    }
}
