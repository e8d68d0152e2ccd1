import BillingKit
import Foundation

/// The story of `org_acme`, in steps that may each be the first one after a crash.
struct Story {
    /// One step: what it is called in the story's chapters, and what it does.
    private struct Step {
        let chapter: String?
        let body: (inout Telling) async throws -> Void
    }

    /// What a step tells with.
    struct Telling {
        let world: World
        let deliveries: PolarDeliveries
        var transcript = Transcript()
    }

    private let folder: URL
    private let deliveries: PolarDeliveries
    private var steps: [Step] = []

    init(folder: URL, deliveries: PolarDeliveries) {
        self.folder = folder
        self.deliveries = deliveries
        plan()
    }

    /// Tells the story from where it was left.
    func tell() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var progress = try Progress(in: folder)
        let listener = Listener()
        let world = try await World(
            database: folder.appendingPathComponent("billing.sqlite"),
            secret: deliveries.secret,
            at: Self.opening,
            observers: [listener]
        )
        let running = Task { await world.billing.run() }
        if progress.done == 0 { introduce() } else { say("Going on after step \(progress.done) of \(steps.count).") }
        var telling = Telling(world: world, deliveries: deliveries)
        for (index, step) in steps.enumerated() where index >= progress.done {
            if let chapter = step.chapter { telling.transcript.chapter(chapter) }
            try await step.body(&telling)
            try progress.finish(index + 1)
        }
        try await listener.waitForLast(in: world)
        running.cancel()
        await running.value
        telling.transcript.chapter("What the observers heard")
        for notice in listener.heard { telling.transcript.line("\(Transcript.day(notice.at))  \(notice.kind)") }
        await world.store.close()
    }

    private func introduce() {
        say(
            """
            A recruiting assistant sells job descriptions and candidate screenings. Its customer is the organisation
            org_acme; ann and bo are members of it and share its balance. The clock of this program is moved by the
            story, from December 2026 to March 2027. The \(deliveries.items.count) webhooks are recorded, signed deliveries in the form
            of Polar's; nothing leaves this machine. Every change of an account has a number, and a receipt names it;
            a piece of work takes two, one when its unit is set aside and one when it is counted.
            """
        )
    }

    static let opening = Timestamp(seconds: 1_796_112_000)

    private static func at(_ text: String) throws -> Timestamp {
        guard let instant = Timestamp(rfc3339: text) else { throw Surprise(description: "'\(text)' is no time") }
        return instant
    }

    // MARK: The plan

    private mutating func plan() {
        planFreeMonth()
        // Deliveries of the same second are the same change seen from several sides.
        var batch = -1
        for (index, item) in deliveries.items.enumerated() {
            let isFirst = index == 0 || deliveries.items[index - 1].sentAt.seconds != item.sentAt.seconds
            if isFirst {
                if index > 0 { planWork(afterBatch: batch) }
                batch += 1
            }
            add(isFirst ? "Webhooks of \(Transcript.day(item.sentAt))" : nil) { try await $0.receive(index) }
        }
        planWork(afterBatch: batch)
        add("Two deliveries that are not to be trusted") { try await $0.receiveForged() }
        add(nil) { try await $0.receiveLate() }
    }

    private mutating func planFreeMonth() {
        add("Ten job descriptions on Free") { $0.world.clock.set(to: Self.opening) }
        for number in 1...10 {
            add(nil) { telling in
                let member: MemberID = number.isMultiple(of: 2) ? "bo" : "ann"
                telling.world.clock.set(to: Self.opening.advanced(by: .seconds(number * 60)))
                // The writing model is away at the fourth one, once; its unit comes back.
                if number == 4 { try await telling.failToWrite(job: number, by: member) }
                try await telling.write(job: number, by: member)
            }
        }
        add("The eleventh") { telling in
            telling.world.clock.set(to: Self.opening.advanced(by: .seconds(11 * 60)))
            try await telling.expectDenial(job: 11, by: "ann")
        }
        add("An upgrade is started") { telling in
            telling.world.clock.set(to: Self.opening.advanced(by: .seconds(12 * 60)))
            let upgrade = try await telling.world.billing.startUpgrade(
                to: .pro,
                cycle: .month,
                for: Recruiting.acme,
                by: "ann",
                reference: "job-123"
            )
            telling.transcript.line("ann wants Pro for job-123: the attempt is '\(upgrade.stage.rawValue)'")
        }
    }

    /// Work between the webhooks: what the customer does on the tier that they have brought.
    private mutating func planWork(afterBatch number: Int) {
        let work: [Int: (time: String, jobs: ClosedRange<Int>, screenings: Int64)] = [
            1: ("2026-12-02T10:00:00Z", 11...14, 120),
            4: ("2026-12-17T09:00:00Z", 15...16, 700),
            7: ("2027-01-05T09:00:00Z", 17...18, 40),
            9: ("2027-01-31T09:00:00Z", 19...19, 10),
            12: ("2027-02-28T09:00:00Z", 20...21, 5),
        ]
        if let (time, jobs, screenings) = work[number] {
            for job in jobs {
                add(job == jobs.lowerBound ? "Work on \(time.prefix(10))" : nil) { telling in
                    telling.world.clock.set(to: try Self.at(time))
                    try await telling.write(job: job, by: "bo")
                }
            }
            add(nil) { try await $0.screen(screenings, batch: number) }
        }
        if number == 5 {
            add("On Enterprise 820 screenings were used, and Pro allows 500") { telling in
                telling.world.clock.set(to: try Self.at("2026-12-21T09:00:00Z"))
                try await telling.expectDenial(screenings: 1, batch: number)
            }
        }
    }

    private mutating func add(_ chapter: String?, _ body: @escaping (inout Telling) async throws -> Void) {
        steps.append(Step(chapter: chapter, body: body))
    }
}
