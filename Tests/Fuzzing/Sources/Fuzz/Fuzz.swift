import CFuzzer
import SignatureFuzzing

/// Gives libFuzzer's inputs to the target that the environment names.
@main enum Fuzz {
    private static let target: FuzzTarget? = getenv("FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

    static func main() {
        if getenv("FUZZ_LIST") != nil {
            for target in FuzzTarget.allCases { print(target.rawValue) }
            return
        }
        guard let target else {
            print("FUZZ_TARGET has to be one of \(FuzzTarget.allCases.map(\.rawValue)).")
            exit(2)
        }
        if let directory = getenv("FUZZ_SEEDS") {
            writeSeeds(of: target, to: String(cString: directory))
            return
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
    }

    private static func writeSeeds(of target: FuzzTarget, to directory: String) {
        for (number, seed) in target.seeds.enumerated() {
            guard let file = fopen("\(directory)/seed-\(number)", "w") else {
                print("Nothing can be written to \(directory).")
                exit(2)
            }
            fwrite(seed, 1, seed.count, file)
            fclose(file)
        }
    }

    fileprivate static func receive(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        target?.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    }
}

/// What libFuzzer's own main function would call.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.receive(bytes, count)
}
