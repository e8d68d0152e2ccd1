import Foundation
import Testing

/// The published vectors in this target's resources, and those that may lie beside the checkout.
enum Vectors {
    static func table(_ name: String) throws -> [[String]] {
        try rows(of: #require(resource(name)))
    }

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: #require(resource(name)))
    }

    /// A file of the folder `shared/fixtures` beside the checkout, or `nil` where it is absent.
    static func shared(_ path: String) -> URL? {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let url = root.deletingLastPathComponent().appending(path: "shared/fixtures").appending(path: path)
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) ? url : nil
    }

    static func rows(of url: URL) throws -> [[String]] {
        try String(contentsOf: url, encoding: .utf8)
            .split(separator: "\n")
            .map { line in line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    private static func resource(_ name: String) -> URL? {
        Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Vectors")
    }
}

extension [UInt8] {
    /// The bytes that hexadecimal digits stand for, `-` being none.
    init?(hexadecimal text: String) {
        self = []
        guard text != "-" else {
            return
        }
        let digits = Array<Character>(text)
        guard digits.count.isMultiple(of: 2) else {
            return nil
        }
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(digits[index...index + 1]), radix: 16) else {
                return nil
            }
            append(byte)
        }
    }

    /// A message of which no two neighbouring blocks are alike.
    init(patternOf count: Int, step: Int = 7, start: Int = 3) {
        self = (0..<count).map { UInt8(truncatingIfNeeded: $0 * step + start) }
    }
}
