import Testing
import WebhookSignatures

@Suite struct SHA256Tests {
    @Test func `the NIST short and long messages have their digests`() throws {
        let rows = try Vectors.table("sha256.tsv")
        #expect(rows.count == 129)
        for row in rows {
            let message = try #require([UInt8](hexadecimal: row[0]))
            #expect(SHA256.hash(message).description == row[1], "message of \(message.count) bytes")
        }
    }

    @Test func `the NIST Monte Carlo chain passes its 100 checkpoints`() throws {
        let rows = try Vectors.table("sha256_monte.tsv")
        #expect(rows.count == 101)
        let start = try #require(rows[0].last)
        var seed = try #require([UInt8](hexadecimal: start))
        for row in rows.dropFirst() {
            var chain = [seed, seed, seed]
            for _ in 0..<1000 {
                var hasher = SHA256()
                for link in chain {
                    hasher.update(link)
                }
                chain = [chain[1], chain[2], hasher.finalize().bytes]
            }
            seed = chain[2]
            let checkpoint = try #require(row.last)
            #expect(Hexadecimal.encode(seed) == checkpoint)
        }
    }

    @Test func `a message cut at any of 200 places has the digest of the whole`() {
        let message = [UInt8](patternOf: 200)
        let whole = SHA256.hash(message)
        for split in 0...200 {
            var arrays = SHA256()
            arrays.update([UInt8](message[..<split]))
            arrays.update([UInt8](message[split...]))
            #expect(arrays.finalize() == whole, "arrays cut at \(split)")

            var spans = SHA256()
            let (head, tail) = (message[..<split], message[split...])
            spans.update(head.span)
            spans.update(tail.span)
            #expect(spans.finalize() == whole, "spans cut at \(split)")

            var sequences = SHA256()
            sequences.update(message[..<split].lazy.map { $0 })
            sequences.update(message[split...])
            #expect(sequences.finalize() == whole, "sequences cut at \(split)")
        }
    }

    /// The expected value is what Python's hashlib computes over the same 301 digests.
    @Test func `every length from 0 to 300 has the digest that another implementation finds`() {
        var digests = SHA256()
        for count in 0...300 {
            let message = [UInt8](patternOf: count)
            var byByte = SHA256()
            for byte in message {
                byByte.update([byte])
            }
            #expect(byByte.finalize() == SHA256.hash(message), "\(count) bytes")
            #expect(SHA256.hash(message.lazy.map { $0 }) == SHA256.hash(message), "\(count) bytes")
            digests.update(byByte.finalize().bytes)
        }
        #expect(
            digests.finalize().description == "7d917fbd2cf49ddff9ad0a8706bba32d204e92e71d2e369c5a03d6af29278c9f"
        )
    }

    @Test func `finalizing leaves the computation as it was`() {
        var hasher = SHA256()
        hasher.update([1, 2, 3])
        let first = hasher.finalize()
        #expect(hasher.finalize() == first)
        hasher.update([4])
        #expect(hasher.finalize() == SHA256.hash([1, 2, 3, 4]))
        #expect(first == SHA256.hash([1, 2, 3]))
    }

    @Test func `a digest is compared by all of its bytes`() {
        let digest = SHA256.hash([])
        #expect(digest == SHA256.hash([UInt8]()))
        #expect(digest != SHA256.hash([0]))
        #expect(digest.bytes.count == SHA256.byteCount)
        #expect(Set([digest, SHA256.hash([]), SHA256.hash([0])]).count == 2)
        #expect(String(describing: digest).count == 64)
    }
}
