/// A story whose end is to be the same in whatever order its words are told.
///
/// One that ends otherwise in some order is made as small as it fails in, so that a person can read it.
package protocol RetoldStory {
    /// Something that is told.
    associatedtype Word: Hashable
    /// What there is to see in the end.
    associatedtype Standing: Equatable

    /// What is told, in order.
    var words: [Word] { get set }

    /// The story without one of the things that it has beside its words, once for each of them.
    var lesserStories: [Self] { get }

    /// What it has beside its words, for who reads of a failure.
    var remarks: String { get }

    /// Returns what there is to see once words have come, now and later.
    func standings(after words: [Word]) throws -> [Standing]
}

extension RetoldStory {
    /// Returns whether the words lead elsewhere in another order, in which some may come several times.
    private func fails(after retold: [Word]) throws -> Bool {
        try standings(after: retold) != standings(after: words)
    }

    /// Leaves out of a story that fails whatever it fails without.
    ///
    /// - Parameter retold: The words in the order in which it fails.
    /// - Returns: The story, and its words in such an order.
    /// - Throws: What the story throws when it is told.
    package func smallest(after retold: [Word]) throws -> (story: Self, retold: [Word]) {
        var (story, retold) = (self, retold)
        for word in words {
            var smaller = story
            smaller.words.removeAll { $0 == word }
            let fewer = retold.filter { $0 != word }
            if try smaller.fails(after: fewer) { (story, retold) = (smaller, fewer) }
        }
        for place in retold.indices.reversed() {
            var fewer = retold
            fewer.remove(at: place)
            if Set(fewer) == Set(retold), try story.fails(after: fewer) { retold = fewer }
        }
        while let lesser = try story.lesserStories.first(where: { try $0.fails(after: retold) }) { story = lesser }
        return (story, retold)
    }

    /// Describes the smallest story that fails, with the first difference.
    ///
    /// - Parameter retold: The words in the order in which it fails.
    /// - Returns: The description, a line for each word.
    /// - Throws: What the story throws when it is told.
    package func failure(after retold: [Word]) throws -> String {
        let (story, retold) = try smallest(after: retold)
        let pairs = zip(try story.standings(after: retold), try story.standings(after: story.words))
        let difference = pairs.first { $0 != $1 }.map { "\($0)\nnot\n\($1)" } ?? ""
        let told = retold.map { "#\(story.words.firstIndex(of: $0) ?? 0): \($0)" }
        return (["the standing is", difference, "after, by the place in order,"] + told + [story.remarks])
            .joined(separator: "\n").replacing("BillingModel.", with: "")
    }
}
