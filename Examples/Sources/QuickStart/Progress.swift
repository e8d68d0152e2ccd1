import Foundation

/// How far the story has been told, in a file, so that a run that was killed is gone on with.
///
/// The number is written after a step's effects are durable: a kill in between repeats the step, which its keys
/// make harmless.
struct Progress {
    private let url: URL
    private(set) var done: Int

    init(in folder: URL) throws {
        url = folder.appendingPathComponent("progress")
        guard FileManager.default.fileExists(atPath: url.path) else {
            done = 0
            return
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        guard let done = Int(text) else { throw Surprise(description: "'\(url.path)' does not hold a number") }
        self.done = done
    }

    mutating func finish(_ step: Int) throws {
        done = step
        try Data("\(step)".utf8).write(to: url, options: .atomic)
    }
}
