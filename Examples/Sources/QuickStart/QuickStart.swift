import Foundation

/// A recruiting assistant's billing, from the first job description to the last webhook.
@main
enum QuickStart {
    static func main() async {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: QuickStart FOLDER\n".utf8))
            exit(64)
        }
        let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
        do {
            let deliveries = try PolarDeliveries()
            try await Story(folder: folder, deliveries: deliveries).tell()
            try await Comparison(folder: folder, deliveries: deliveries).show()
            say(
                "\nEverything was as it should be: the refusals, every delivery's outcome, and two databases that ended alike."
            )
        } catch {
            say("\nThe story ends here: \(error)")
            exit(1)
        }
    }
}

/// Something that did not go as the story has it.
struct Surprise: Error, CustomStringConvertible {
    let description: String
}
