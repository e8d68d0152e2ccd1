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
    private static let roundConstants: ContiguousArray<UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    /// Returns the sixteen big-endian words of a 64-byte block.
    @inline(__always)
    static func words(of block: Span<UInt8>) -> SIMD16<UInt32> {
        SIMD16<UInt32>(
            word(block, 0),
            word(block, 4),
            word(block, 8),
            word(block, 12),
            word(block, 16),
            word(block, 20),
            word(block, 24),
            word(block, 28),
            word(block, 32),
            word(block, 36),
            word(block, 40),
            word(block, 44),
            word(block, 48),
            word(block, 52),
            word(block, 56),
            word(block, 60)
        )
    }

    /// Mixes one block into the chaining value, FIPS 180-4 section 6.2.2.
    ///
    /// The message schedule is kept as a rolling window of sixteen words in local variables, and the working
    /// variables change their names instead of their places. Sixteen rounds are written out at a time: all 64 would
    /// crowd the instruction cache and be no faster.
    @inline(never)
    static func compress(_ state: inout SIMD8<UInt32>, _ block: SIMD16<UInt32>) {
        let constants = roundConstants.span
        var a = state[0]
        var b = state[1]
        var c = state[2]
        var d = state[3]
        var e = state[4]
        var f = state[5]
        var g = state[6]
        var h = state[7]
        // What (a ^ b) was one round ago: the majority function needs it again.
        var pair = b ^ c

        var w0 = block[0]
        var w1 = block[1]
        var w2 = block[2]
        var w3 = block[3]
        var w4 = block[4]
        var w5 = block[5]
        var w6 = block[6]
        var w7 = block[7]
        var w8 = block[8]
        var w9 = block[9]
        var w10 = block[10]
        var w11 = block[11]
        var w12 = block[12]
        var w13 = block[13]
        var w14 = block[14]
        var w15 = block[15]

        round(a, b, &d, e, f, g, &h, w0 &+ constants[0], &pair)
        round(h, a, &c, d, e, f, &g, w1 &+ constants[1], &pair)
        round(g, h, &b, c, d, e, &f, w2 &+ constants[2], &pair)
        round(f, g, &a, b, c, d, &e, w3 &+ constants[3], &pair)
        round(e, f, &h, a, b, c, &d, w4 &+ constants[4], &pair)
        round(d, e, &g, h, a, b, &c, w5 &+ constants[5], &pair)
        round(c, d, &f, g, h, a, &b, w6 &+ constants[6], &pair)
        round(b, c, &e, f, g, h, &a, w7 &+ constants[7], &pair)
        round(a, b, &d, e, f, g, &h, w8 &+ constants[8], &pair)
        round(h, a, &c, d, e, f, &g, w9 &+ constants[9], &pair)
        round(g, h, &b, c, d, e, &f, w10 &+ constants[10], &pair)
        round(f, g, &a, b, c, d, &e, w11 &+ constants[11], &pair)
        round(e, f, &h, a, b, c, &d, w12 &+ constants[12], &pair)
        round(d, e, &g, h, a, b, &c, w13 &+ constants[13], &pair)
        round(c, d, &f, g, h, a, &b, w14 &+ constants[14], &pair)
        round(b, c, &e, f, g, h, &a, w15 &+ constants[15], &pair)

        var t = 16
        while t < 64 {
            w0 = w0 &+ w9 &+ smallSigma0(w1) &+ smallSigma1(w14)
            round(a, b, &d, e, f, g, &h, w0 &+ constants[t], &pair)
            w1 = w1 &+ w10 &+ smallSigma0(w2) &+ smallSigma1(w15)
            round(h, a, &c, d, e, f, &g, w1 &+ constants[t &+ 1], &pair)
            w2 = w2 &+ w11 &+ smallSigma0(w3) &+ smallSigma1(w0)
            round(g, h, &b, c, d, e, &f, w2 &+ constants[t &+ 2], &pair)
            w3 = w3 &+ w12 &+ smallSigma0(w4) &+ smallSigma1(w1)
            round(f, g, &a, b, c, d, &e, w3 &+ constants[t &+ 3], &pair)
            w4 = w4 &+ w13 &+ smallSigma0(w5) &+ smallSigma1(w2)
            round(e, f, &h, a, b, c, &d, w4 &+ constants[t &+ 4], &pair)
            w5 = w5 &+ w14 &+ smallSigma0(w6) &+ smallSigma1(w3)
            round(d, e, &g, h, a, b, &c, w5 &+ constants[t &+ 5], &pair)
            w6 = w6 &+ w15 &+ smallSigma0(w7) &+ smallSigma1(w4)
            round(c, d, &f, g, h, a, &b, w6 &+ constants[t &+ 6], &pair)
            w7 = w7 &+ w0 &+ smallSigma0(w8) &+ smallSigma1(w5)
            round(b, c, &e, f, g, h, &a, w7 &+ constants[t &+ 7], &pair)
            w8 = w8 &+ w1 &+ smallSigma0(w9) &+ smallSigma1(w6)
            round(a, b, &d, e, f, g, &h, w8 &+ constants[t &+ 8], &pair)
            w9 = w9 &+ w2 &+ smallSigma0(w10) &+ smallSigma1(w7)
            round(h, a, &c, d, e, f, &g, w9 &+ constants[t &+ 9], &pair)
            w10 = w10 &+ w3 &+ smallSigma0(w11) &+ smallSigma1(w8)
            round(g, h, &b, c, d, e, &f, w10 &+ constants[t &+ 10], &pair)
            w11 = w11 &+ w4 &+ smallSigma0(w12) &+ smallSigma1(w9)
            round(f, g, &a, b, c, d, &e, w11 &+ constants[t &+ 11], &pair)
            w12 = w12 &+ w5 &+ smallSigma0(w13) &+ smallSigma1(w10)
            round(e, f, &h, a, b, c, &d, w12 &+ constants[t &+ 12], &pair)
            w13 = w13 &+ w6 &+ smallSigma0(w14) &+ smallSigma1(w11)
            round(d, e, &g, h, a, b, &c, w13 &+ constants[t &+ 13], &pair)
            w14 = w14 &+ w7 &+ smallSigma0(w15) &+ smallSigma1(w12)
            round(c, d, &f, g, h, a, &b, w14 &+ constants[t &+ 14], &pair)
            w15 = w15 &+ w8 &+ smallSigma0(w0) &+ smallSigma1(w13)
            round(b, c, &e, f, g, h, &a, w15 &+ constants[t &+ 15], &pair)
            t &+= 16
        }

        state = state &+ SIMD8<UInt32>(a, b, c, d, e, f, g, h)
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
    private static func smallSigma0(_ x: UInt32) -> UInt32 {
        rotated(x, 7) ^ rotated(x, 18) ^ (x &>> 3)
    }

    @inline(__always)
    private static func smallSigma1(_ x: UInt32) -> UInt32 {
        rotated(x, 17) ^ rotated(x, 19) ^ (x &>> 10)
    }

    @inline(__always)
    private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 {
        (x &>> count) | (x &<< (32 &- count))
    }

    @inline(__always)
    private static func word(_ block: Span<UInt8>, _ offset: Int) -> UInt32 {
        let high: UInt32 = UInt32(block[offset]) &<< 24 | UInt32(block[offset &+ 1]) &<< 16
        let low: UInt32 = UInt32(block[offset &+ 2]) &<< 8 | UInt32(block[offset &+ 3])
        return high | low
    }
}
