extension SHA256 {
    /// The first 32 bits of the fractional parts of the square roots of the first eight primes.
    static let initialState = SIMD8<UInt32>(
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19
    )

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    /// Four words of the message schedule.
    private typealias Words = SIMD4<UInt32>

    /// Mixes whole blocks into the chaining value, FIPS 180-4 section 6.2.2, by means that every processor has.
    ///
    /// A round is a chain of scalar operations that leaves the vector units idle. So the schedule of the words that
    /// are wanted sixteen rounds later is computed four at a time, between the rounds. Sums of words and constants
    /// wait in a scratch of sixteen, and the working variables change their names instead of their places. Sixteen
    /// rounds are written out: all 64 would crowd the instruction cache and be no faster.
    ///
    /// The message is read through a span, whose bounds are checked. The scratch and the table of constants are of
    /// fixed size and are read by pointer at fixed places, because the checks there cost a fifth of the speed.
    ///
    /// - Parameters:
    ///   - state: The chaining value.
    ///   - blocks: The blocks. What is there beyond the last whole one is left unread.
    @inline(never)
    package static func compressPortably(_ state: inout SIMD8<UInt32>, _ blocks: RawSpan) {
        var (s0, s1, s2, s3) = (state[0], state[1], state[2], state[3])
        var (s4, s5, s6, s7) = (state[4], state[5], state[6], state[7])
        // Both are so for any input, because neither depends on it; the checks are what makes the unsafe reads below safe.
        unsafe roundConstants.withUnsafeBytes { bytes in
            guard let table = bytes.baseAddress, bytes.count == 4 * blockByteCount else {
                preconditionFailure("There are 64 constants.")
            }
            unsafe withUnsafeTemporaryAllocation(byteCount: blockByteCount, alignment: 16) { bytes in
                guard let scratch = bytes.baseAddress else {
                    preconditionFailure("A scratch of 64 bytes has an address.")
                }
                var offset = 0
                var blockCount = blocks.byteCount / blockByteCount
                while blockCount > 0 {
                    var (a, b, c, d) = (s0, s1, s2, s3)
                    var (e, f, g, h) = (s4, s5, s6, s7)
                    // What (a ^ b) was one round ago: the majority function needs it again.
                    var pair = b ^ c

                    var w0 = bigEndian(unsafe blocks.unsafeLoadUnaligned(fromByteOffset: offset &+ 0, as: Words.self))
                    var w1 = bigEndian(unsafe blocks.unsafeLoadUnaligned(fromByteOffset: offset &+ 16, as: Words.self))
                    var w2 = bigEndian(unsafe blocks.unsafeLoadUnaligned(fromByteOffset: offset &+ 32, as: Words.self))
                    var w3 = bigEndian(unsafe blocks.unsafeLoadUnaligned(fromByteOffset: offset &+ 48, as: Words.self))
                    unsafe scratch.storeBytes(of: w0 &+ constants(table, 0), toByteOffset: 0, as: Words.self)
                    unsafe scratch.storeBytes(of: w1 &+ constants(table, 16), toByteOffset: 16, as: Words.self)
                    unsafe scratch.storeBytes(of: w2 &+ constants(table, 32), toByteOffset: 32, as: Words.self)
                    unsafe scratch.storeBytes(of: w3 &+ constants(table, 48), toByteOffset: 48, as: Words.self)

                    var next = unsafe table + blockByteCount
                    var remaining = 3
                    while remaining > 0 {
                        round(a, b, &d, e, f, g, &h, unsafe scratch.load(fromByteOffset: 0, as: UInt32.self), &pair)
                        w0 = w0 &+ joined(w2, w3) &+ smallSigma0(joined(w0, w1))
                        round(h, a, &c, d, e, f, &g, unsafe scratch.load(fromByteOffset: 4, as: UInt32.self), &pair)
                        w0 = w0 &+ smallSigma1OfUpper(w3)
                        round(g, h, &b, c, d, e, &f, unsafe scratch.load(fromByteOffset: 8, as: UInt32.self), &pair)
                        w0 = w0 &+ smallSigma1OfLower(w0)
                        round(f, g, &a, b, c, d, &e, unsafe scratch.load(fromByteOffset: 12, as: UInt32.self), &pair)
                        unsafe scratch.storeBytes(of: w0 &+ constants(next, 0), toByteOffset: 0, as: Words.self)

                        round(e, f, &h, a, b, c, &d, unsafe scratch.load(fromByteOffset: 16, as: UInt32.self), &pair)
                        w1 = w1 &+ joined(w3, w0) &+ smallSigma0(joined(w1, w2))
                        round(d, e, &g, h, a, b, &c, unsafe scratch.load(fromByteOffset: 20, as: UInt32.self), &pair)
                        w1 = w1 &+ smallSigma1OfUpper(w0)
                        round(c, d, &f, g, h, a, &b, unsafe scratch.load(fromByteOffset: 24, as: UInt32.self), &pair)
                        w1 = w1 &+ smallSigma1OfLower(w1)
                        round(b, c, &e, f, g, h, &a, unsafe scratch.load(fromByteOffset: 28, as: UInt32.self), &pair)
                        unsafe scratch.storeBytes(of: w1 &+ constants(next, 16), toByteOffset: 16, as: Words.self)

                        round(a, b, &d, e, f, g, &h, unsafe scratch.load(fromByteOffset: 32, as: UInt32.self), &pair)
                        w2 = w2 &+ joined(w0, w1) &+ smallSigma0(joined(w2, w3))
                        round(h, a, &c, d, e, f, &g, unsafe scratch.load(fromByteOffset: 36, as: UInt32.self), &pair)
                        w2 = w2 &+ smallSigma1OfUpper(w1)
                        round(g, h, &b, c, d, e, &f, unsafe scratch.load(fromByteOffset: 40, as: UInt32.self), &pair)
                        w2 = w2 &+ smallSigma1OfLower(w2)
                        round(f, g, &a, b, c, d, &e, unsafe scratch.load(fromByteOffset: 44, as: UInt32.self), &pair)
                        unsafe scratch.storeBytes(of: w2 &+ constants(next, 32), toByteOffset: 32, as: Words.self)

                        round(e, f, &h, a, b, c, &d, unsafe scratch.load(fromByteOffset: 48, as: UInt32.self), &pair)
                        w3 = w3 &+ joined(w1, w2) &+ smallSigma0(joined(w3, w0))
                        round(d, e, &g, h, a, b, &c, unsafe scratch.load(fromByteOffset: 52, as: UInt32.self), &pair)
                        w3 = w3 &+ smallSigma1OfUpper(w2)
                        round(c, d, &f, g, h, a, &b, unsafe scratch.load(fromByteOffset: 56, as: UInt32.self), &pair)
                        w3 = w3 &+ smallSigma1OfLower(w3)
                        round(b, c, &e, f, g, h, &a, unsafe scratch.load(fromByteOffset: 60, as: UInt32.self), &pair)
                        unsafe scratch.storeBytes(of: w3 &+ constants(next, 48), toByteOffset: 48, as: Words.self)
                        unsafe next += blockByteCount
                        remaining &-= 1
                    }

                    round(a, b, &d, e, f, g, &h, unsafe scratch.load(fromByteOffset: 0, as: UInt32.self), &pair)
                    round(h, a, &c, d, e, f, &g, unsafe scratch.load(fromByteOffset: 4, as: UInt32.self), &pair)
                    round(g, h, &b, c, d, e, &f, unsafe scratch.load(fromByteOffset: 8, as: UInt32.self), &pair)
                    round(f, g, &a, b, c, d, &e, unsafe scratch.load(fromByteOffset: 12, as: UInt32.self), &pair)
                    round(e, f, &h, a, b, c, &d, unsafe scratch.load(fromByteOffset: 16, as: UInt32.self), &pair)
                    round(d, e, &g, h, a, b, &c, unsafe scratch.load(fromByteOffset: 20, as: UInt32.self), &pair)
                    round(c, d, &f, g, h, a, &b, unsafe scratch.load(fromByteOffset: 24, as: UInt32.self), &pair)
                    round(b, c, &e, f, g, h, &a, unsafe scratch.load(fromByteOffset: 28, as: UInt32.self), &pair)
                    round(a, b, &d, e, f, g, &h, unsafe scratch.load(fromByteOffset: 32, as: UInt32.self), &pair)
                    round(h, a, &c, d, e, f, &g, unsafe scratch.load(fromByteOffset: 36, as: UInt32.self), &pair)
                    round(g, h, &b, c, d, e, &f, unsafe scratch.load(fromByteOffset: 40, as: UInt32.self), &pair)
                    round(f, g, &a, b, c, d, &e, unsafe scratch.load(fromByteOffset: 44, as: UInt32.self), &pair)
                    round(e, f, &h, a, b, c, &d, unsafe scratch.load(fromByteOffset: 48, as: UInt32.self), &pair)
                    round(d, e, &g, h, a, b, &c, unsafe scratch.load(fromByteOffset: 52, as: UInt32.self), &pair)
                    round(c, d, &f, g, h, a, &b, unsafe scratch.load(fromByteOffset: 56, as: UInt32.self), &pair)
                    round(b, c, &e, f, g, h, &a, unsafe scratch.load(fromByteOffset: 60, as: UInt32.self), &pair)

                    s0 = s0 &+ a
                    s1 = s1 &+ b
                    s2 = s2 &+ c
                    s3 = s3 &+ d
                    s4 = s4 &+ e
                    s5 = s5 &+ f
                    s6 = s6 &+ g
                    s7 = s7 &+ h
                    offset &+= blockByteCount
                    blockCount &-= 1
                }
            }
        }
        state = SIMD8(s0, s1, s2, s3, s4, s5, s6, s7)
    }

    /// Does one round, leaving the new `a` in `h` and the new `e` in `d`.
    @inline(__always)
    private static func round(
        _ a: UInt32,
        _ b: UInt32,
        _ d: inout UInt32,
        _ e: UInt32,
        _ f: UInt32,
        _ g: UInt32,
        _ h: inout UInt32,
        _ scheduled: UInt32,
        _ pair: inout UInt32
    ) {
        let choice: UInt32 = ((f ^ g) & e) ^ g
        let bigSigma1: UInt32 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let first: UInt32 = h &+ scheduled &+ choice &+ bigSigma1
        d = d &+ first
        let newPair: UInt32 = a ^ b
        let majority: UInt32 = (newPair & pair) ^ b
        pair = newPair
        let bigSigma0: UInt32 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        h = first &+ (majority &+ bigSigma0)
    }

    @inline(__always)
    private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 {
        (x &>> count) | (x &<< (32 &- count))
    }

    /// Four round constants.
    ///
    /// They lie where the compiler put them, which need not be at a multiple of 16.
    @inline(__always)
    private static func constants(_ table: UnsafeRawPointer, _ offset: Int) -> Words {
        unsafe table.loadUnaligned(fromByteOffset: offset, as: Words.self)
    }

    @inline(__always)
    private static func bigEndian(_ words: Words) -> Words {
        #if _endian(little)
        let b = unsafe unsafeBitCast(words, to: SIMD16<UInt8>.self)
        let swapped = SIMD16<UInt8>(
            b[3],
            b[2],
            b[1],
            b[0],
            b[7],
            b[6],
            b[5],
            b[4],
            b[11],
            b[10],
            b[9],
            b[8],
            b[15],
            b[14],
            b[13],
            b[12]
        )
        return unsafe unsafeBitCast(swapped, to: Words.self)
        #else
        return words
        #endif
    }

    /// The last three of the first four words and the first of the next four.
    @inline(__always)
    private static func joined(_ words: Words, _ next: Words) -> Words {
        Words(words[1], words[2], words[3], next[0])
    }

    @inline(__always)
    private static func smallSigma0(_ x: Words) -> Words {
        let right: Words = shiftedRight(x, 3) ^ shiftedRight(x, 7) ^ shiftedRight(x, 18)
        let left: Words = shiftedLeft(x, 14) ^ shiftedLeft(x, 25)
        return right ^ left
    }

    /// The function of the upper two words, in the lower two places, and zeros.
    @inline(__always)
    private static func smallSigma1OfUpper(_ x: Words) -> Words {
        let sigma: Words = smallSigma1OfTwins(Words(x[2], x[2], x[3], x[3]))
        return Words(sigma[0], sigma[2], 0, 0)
    }

    /// The function of the lower two words, in the upper two places, and zeros.
    @inline(__always)
    private static func smallSigma1OfLower(_ x: Words) -> Words {
        let sigma: Words = smallSigma1OfTwins(Words(x[0], x[0], x[1], x[1]))
        return Words(0, 0, sigma[0], sigma[2])
    }

    /// The function of two words that are there twice each: then a shift of 64 bits is a rotation of 32.
    @inline(__always)
    private static func smallSigma1OfTwins(_ x: Words) -> Words {
        let wide = unsafe unsafeBitCast(x, to: SIMD2<UInt64>.self)
        let by17 = unsafe unsafeBitCast(wide &>> SIMD2<UInt64>(repeating: 17), to: Words.self)
        let by19 = unsafe unsafeBitCast(wide &>> SIMD2<UInt64>(repeating: 19), to: Words.self)
        return shiftedRight(x, 10) ^ by17 ^ by19
    }

    @inline(__always)
    private static func shiftedRight(_ x: Words, _ count: UInt32) -> Words {
        x &>> Words(repeating: count)
    }

    /// A product instead of a shift: the compiler takes a shift to the left beside one to the right for a rotation,
    /// which it then does word by word, having no instruction for four.
    @inline(__always)
    private static func shiftedLeft(_ x: Words, _ count: UInt32) -> Words {
        x &* Words(repeating: 1 &<< count)
    }
}
