import Foundation
import Testing
import WebhookSignatures

@Suite struct Base64Tests {
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func `the vectors of RFC 4648 hold in both directions`(plain: String, encoded: String) {
        #expect(Base64.encode([UInt8](plain.utf8)) == encoded)
        #expect(Base64.decodeStrictly(encoded.utf8) == [UInt8](plain.utf8))
        #expect(Base64.decodeLeniently(encoded.utf8) == [UInt8](plain.utf8))
    }

    @Test func `every length up to 100 agrees with another implementation and comes back`() {
        for count in 0...100 {
            let bytes = [UInt8](patternOf: count, step: 37, start: 251)
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(Base64.decodeStrictly(text.utf8) == bytes)
            #expect(Base64.decodeLeniently(text.utf8.filter { $0 != UInt8(ascii: "=") }) == bytes)
        }
    }

    @Test func `the strict reader knows one spelling of every two bytes`() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var accepted = 0
        for third in alphabet {
            for second in alphabet where Base64.decodeStrictly("A\(second)\(third)=".utf8) != nil {
                accepted += 1
            }
        }
        // Ten of the twelve bits of two letters are free, the last two are padding.
        #expect(accepted == 1024)
    }

    @Test(arguments: ["Zg", "Zg=", "Zm8", "Zm9vYg", "Zh==", "Zm9=", "Zg===", "Zm9v=", "Zm9v====", "=", "==", "Z"])
    func `the strict reader refuses what is not canonical`(text: String) {
        #expect(Base64.decodeStrictly(text.utf8) == nil)
    }

    @Test(arguments: [
        ("Zg", "f"), ("Zg=", "f"), ("Zh", "f"), ("Zh==", "f"), ("Zm8", "fo"), ("Zm9", "fo"), ("Zm9=", "fo"),
    ])
    func `the lenient reader forgives missing padding and stray bits`(text: String, plain: String) {
        #expect(Base64.decodeLeniently(text.utf8) == [UInt8](plain.utf8))
    }

    @Test(
        arguments: [
            "Z", "Zm9vY", "Zg===", "Zm9v=", "Zm8==", "=", "=Zg=", "Z=g=", "Zm 9v", "Zm9v\n", " Zm9v", "Zm-v", "Zm_v",
            "Zm9v\0", "Zmé9v", "Ｚm9v", "Zm9v!", "Zm,9", "Zm.9",
        ]
    )
    func `both readers refuse foreign characters and impossible lengths`(text: String) {
        #expect(Base64.decodeLeniently(text.utf8) == nil)
        #expect(Base64.decodeStrictly(text.utf8) == nil)
    }

    @Test func `of all bytes 64 are letters`() {
        let letters = (UInt8.min...UInt8.max).filter { Base64.decodeStrictly([$0, $0, $0, $0]) != nil }
        #expect(letters.count == 64)
        #expect(Set(letters.map { Base64.decodeStrictly([$0, $0, $0, $0]) }).count == 64)
    }
}
