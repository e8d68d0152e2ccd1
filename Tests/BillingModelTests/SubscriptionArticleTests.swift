import Foundation
import Testing

/// The examples of the articles on subscriptions and on money, which stand in the scenarios.
@Suite struct SubscriptionArticleTests {
    @Test(arguments: ["SubscriptionsAndAccess", "MoneyAndTheProvider"])
    func `the articles show the tested examples`(name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scenarios")
        let files = ["ChangeOfMindScenario", "PastDueScenario"]
        try Article(name).expectExamples(in: files.map { folder.appendingPathComponent("\($0).swift").path })
    }
}
