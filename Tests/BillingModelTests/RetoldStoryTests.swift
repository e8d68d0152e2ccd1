import SeededTesting
import Testing

/// A long story that fails is told as the shortest that does.
@Suite struct RetoldStoryTests {
    /// Words that are numbers, of which nothing should matter but which there are.
    private struct Story: RetoldStory {
        var words: [Int]
        var extras: Set<Int> = []

        var lesserStories: [Story] {
            extras.map { extra in
                var lesser = self
                lesser.extras.remove(extra)
                return lesser
            }
        }

        var remarks: String { "extras \(extras.sorted())" }

        /// What is wrong with it: told after 7, 3 is lost; told twice, 9 counts twice, where there is an extra 4.
        func standings(after words: [Int]) -> [Set<Int>] {
            var seen = Set(words)
            if let seven = words.firstIndex(of: 7), let three = words.firstIndex(of: 3), seven < three {
                seen.remove(3)
            }
            if words.count(where: { $0 == 9 }) > 1, extras.contains(4) { seen.insert(-1) }
            return [seen]
        }
    }

    private let words = Array(0..<20)

    @Test func `of many words those are left that it takes, in the order that it takes`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "retold stories"))
        for _ in 0..<20 {
            let story = Story(words: words, extras: [1, 2, 3])
            let retold = (words + words).shuffled(using: &generator)
            guard story.standings(after: retold) != story.standings(after: words) else { continue }
            let (smallest, order) = try story.smallest(after: retold)
            #expect(smallest.words == [3, 7] && order == [7, 3] && smallest.extras.isEmpty)
            #expect(try story.failure(after: retold).hasSuffix("#1: 7\n#0: 3\nextras []"))
        }
    }

    @Test func `what a story has beside its words stays where it takes that, and so does a word that takes two`() throws
    {
        let story = Story(words: words, extras: [1, 4])
        let (smallest, order) = try story.smallest(after: words + [5, 9])
        #expect(smallest.words == [9] && order == [9, 9] && smallest.extras == [4])
    }
}
