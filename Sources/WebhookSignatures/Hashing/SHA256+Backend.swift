#if AcceleratedSHA256 && arch(x86_64)
internal import CBillingSHA256
#endif

extension SHA256 {
    /// Mixes whole blocks into the chaining value, by the fastest means that this processor has.
    @inline(__always)
    static func compress(_ state: inout SIMD8<UInt32>, _ blocks: RawSpan) {
        #if AcceleratedSHA256 && arch(x86_64)
        compress(&state, blocks, byExtensions: processorHasExtensions)
        #else
        compressPortably(&state, blocks)
        #endif
    }
}

#if AcceleratedSHA256 && arch(x86_64)
extension SHA256 {
    /// Whether this processor has the SHA extensions.
    ///
    /// Asked once, because a hypervisor steps in for the instruction that tells.
    package static let processorHasExtensions = billing_sha256_extensions_are_available() != 0

    /// Mixes whole blocks into the chaining value, by the means that is named.
    @inline(__always)
    package static func compress(_ state: inout SIMD8<UInt32>, _ blocks: RawSpan, byExtensions: Bool) {
        guard byExtensions else {
            compressPortably(&state, blocks)
            return
        }
        unsafe blocks.withUnsafeBytes { blocks in
            guard let address = blocks.baseAddress else {
                return
            }
            unsafe withUnsafeMutablePointer(to: &state) { state in
                unsafe billing_sha256_compress(state, address, blocks.count / blockByteCount)
            }
        }
    }
}
#endif
