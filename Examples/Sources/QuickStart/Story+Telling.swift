import BillingKit

extension Story.Telling {
    /// Has a job description written, and counted.
    mutating func write(job: Int, by member: MemberID) async throws {
        let answer = try await world.work(.jobDescriptions, by: member, key: .job("\(job)")) {
            try await Recruiting.write("engineer")
        }
        switch answer {
        case .done(_, let receipt):
            transcript.line("job \(job), \(member): written, \(receipt.remaining) left [receipt \(receipt.revision)]")
        case .alreadyDone(let receipt):
            transcript.line("job \(job), \(member): was written before [receipt \(receipt.revision)]")
        case .denied(let denial):
            throw Surprise(description: "job \(job) was denied: \(denial)")
        }
    }

    /// Has a job description fail.
    func failToWrite(job: Int, by member: MemberID) async throws {
        do {
            let answer = try await world.work(.jobDescriptions, by: member, key: .job("\(job)")) {
                try await Recruiting.write("engineer", failing: true)
            }
            guard case .alreadyDone = answer else {
                throw Surprise(description: "work that throws was answered with \(answer)")
            }
        } catch is Recruiting.ModelUnavailable {
            let left = try await world.billing.overview(of: Recruiting.acme)[.jobDescriptions]
            transcript.line(
                "job \(job), \(member): the language model failed; its unit was given back, \(left?.remaining ?? .units(0)) left"
            )
        }
    }

    /// Uses screenings up in one request.
    mutating func screen(_ amount: Int64, batch: Int) async throws {
        let answer = try await world.billing.consume(
            amount,
            of: .candidateScreenings,
            for: Recruiting.acme,
            by: "ann",
            key: .request("screening-\(batch)")
        )
        guard case .consumed(let receipt) = answer else {
            throw Surprise(description: "\(amount) screenings were answered with \(answer)")
        }
        transcript.line("\(amount) screenings: done, \(receipt.remaining) left [receipt \(receipt.revision)]")
        transcript.standing(try await world.billing.overview(of: Recruiting.acme))
    }

    func expectDenial(job: Int, by member: MemberID) async throws {
        let answer = try await world.work(.jobDescriptions, by: member, key: .job("\(job)")) {
            throw Surprise(description: "work ran that was to be refused")
        }
        guard case .denied(let denial) = answer else {
            throw Surprise(description: "job \(job) was answered with \(answer)")
        }
        tell(denial, of: "job \(job), \(member)")
    }

    func expectDenial(screenings amount: Int64, batch: Int) async throws {
        let answer = try await world.billing.consume(
            amount,
            of: .candidateScreenings,
            for: Recruiting.acme,
            by: "bo",
            key: .request("over-\(batch)")
        )
        guard case .denied(let denial) = answer else {
            throw Surprise(description: "a screening beyond the limit was answered with \(answer)")
        }
        tell(denial, of: "\(amount) screening")
    }

    private func tell(_ denial: Account.Denial, of what: String) {
        let unlocked = denial.unlockedBy.map(\.rawValue).joined(separator: " or ")
        let reset = denial.resetsAt.map { ", or waiting until \(Transcript.day($0))" } ?? ""
        transcript.line(
            "\(what): refused, \(denial.remaining) left of \(denial.allowance) on \(denial.tier). "
                + "What helps: \(unlocked)\(reset)"
        )
    }

    /// Receives a delivery at the time it was sent.
    mutating func receive(_ index: Int) async throws {
        let item = deliveries.items[index]
        let answer = await world.receive(item)
        let overview = try await world.billing.overview(of: Recruiting.acme)
        let number = index < 9 ? " \(index + 1)" : "\(index + 1)"
        let name = item.type.padding(toLength: 24)
        let isSilent = answer.outcome == .applied && !transcript.shows(overview)
        let words = answer.outcome.words + (isSilent ? ", with nothing new to see" : "")
        transcript.line("\(number)  \(name) \(answer.statusCode)  \(words)")
        switch answer.outcome {
        case .applied, .stale, .ignored, .duplicate: break
        default: throw Surprise(description: "delivery \(index + 1) was \(answer.outcome.words)")
        }
        transcript.standing(overview)
    }

    /// Receives a delivery whose body somebody has changed.
    func receiveForged() async throws {
        let item = deliveries.items[3]
        let forged = PolarDeliveries.Item(
            headers: item.headers,
            body: item.body.replacing("\"amount\":2500", with: "\"amount\":0")
        )
        try await expectRefusal(of: forged, at: forged.sentAt, "a changed body")
    }

    /// Receives a genuine delivery long after it was sent.
    func receiveLate() async throws {
        let item = deliveries.items[3]
        try await expectRefusal(of: item, at: item.sentAt.advanced(by: .seconds(301)), "a delivery 301 seconds old")
    }

    private func expectRefusal(of item: PolarDeliveries.Item, at now: Timestamp, _ what: String) async throws {
        world.clock.set(to: now)
        let answer = await world.billing.webhooks.receive(item.bytes) { name in item.headers[name].map { [$0] } ?? [] }
        guard case .rejected = answer.outcome else {
            throw Surprise(description: "\(what) was \(answer.outcome.words)")
        }
        transcript.line("\(what): \(answer.statusCode)  \(answer.outcome.words)")
    }
}

extension String {
    fileprivate func padding(toLength length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
