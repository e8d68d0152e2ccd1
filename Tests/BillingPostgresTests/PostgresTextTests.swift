#if Postgres
import BillingSQL
import SeededTesting
import Testing

/// Text that PostgreSQL cannot hold is held in another form.
@Suite struct PostgresTextTests {
    /// Those that mean something, and more of those that do not, so that some texts are long and have none.
    private static let signs: [Unicode.Scalar] =
        ["\u{0}", "\u{1}"] + [Unicode.Scalar](repeating: "a", count: 12) + [
            "\u{2}", "\u{3}", "\u{E9}", "\u{7F}", "\u{80}",
        ]

    private func stored(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { PostgresText.isAffected($0) ? PostgresText.escaped($0) : [UInt8]($0) }
    }

    @Test func `every text comes back, has no zero, and keeps its place among others`() {
        var random = SeededGenerator(seed: SeededGenerator.seed(for: "PostgresTextTests"))
        let texts = (0..<2_000).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0...20, using: &random)).map { _ in
                        Self.signs[Int.random(in: 0..<Self.signs.count, using: &random)]
                    }
                )
            )
        }
        for text in texts {
            let bytes = stored(text)
            #expect(!bytes.contains(0))
            #expect(Array(bytes.withUnsafeBufferPointer(PostgresText.text).utf8) == Array(text.utf8))
        }
        for (one, other) in zip(texts, texts.dropFirst()) {
            let isBefore = one.utf8.lexicographicallyPrecedes(other.utf8)
            #expect(stored(one).lexicographicallyPrecedes(stored(other)) == isBefore)
        }
    }

    @Test func `a sign that cannot be held is found wherever it stands, and no other is taken for it`() {
        for length in 1...24 {
            for sign in UInt8.min...UInt8.max {
                #expect(isAffected([UInt8](repeating: sign, count: length)) == (sign <= 1), "\(length) of \(sign)")
                for place in 0..<length {
                    for other in [0x02, 0x61, 0x80, 0xFF] as [UInt8] {
                        var bytes = [UInt8](repeating: other, count: length)
                        bytes[place] = sign
                        #expect(isAffected(bytes) == (sign <= 1), "\(sign) at \(place) of \(length) among \(other)")
                    }
                }
            }
        }
    }

    private func isAffected(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer(PostgresText.isAffected)
    }

    @Test func `what a person has written with these signs is read as it is`() {
        for bytes in [[1], [1, 3], [97, 1], [1, 97]] as [[UInt8]] {
            #expect(Array(bytes.withUnsafeBufferPointer(PostgresText.text).utf8) == bytes)
        }
    }
}
#endif
