import BillingKit

extension Request {
    private struct WorkFailure: Error {}

    /// Sends the request to a server.
    func send(to billing: BillingSystem, on life: ServerLife) async -> Answer {
        do {
            return switch wish {
            case .consume, .consumeUpTo, .consumeAll, .record, .recordEvents: try await use(billing)
            case .reserve, .capture, .release, .extend, .metered: try await work(billing, on: life)
            case .refund, .correct, .grant, .grantPack, .void: try await give(billing)
            case .setLevel, .raise, .lower: try await level(billing)
            case .startTrial, .check, .overview, .examine: try await look(billing)
            }
        } catch let error as Account.DecisionError {
            return .refused(error)
        } catch let error as StoreError {
            return .storeFault(error)
        } catch let error as BillingError {
            return .fault(error)
        } catch is WorkFailure {
            return .workFailed
        } catch {
            return .cancelled
        }
    }

    private var sentKey: BillingSystem.Key { key.map { .request($0) } ?? .once }

    private func use(_ billing: BillingSystem) async throws -> Answer {
        let answer: BillingSystem.Consumption
        switch wish {
        case .consume(let meter, let amount):
            answer = try await billing.consume(amount, of: meter, for: customer, key: sentKey)
        case .consumeUpTo(let meter, let amount):
            answer = try await billing.consume(upTo: amount, of: meter, for: customer, key: sentKey)
        case .consumeAll(let images, let pages):
            let amounts = [Shop.images: images, Shop.pages: pages]
            answer = try await billing.consume(all: amounts, for: customer, key: sentKey)
        case .recordEvents(let meter, let ids):
            let events = ids.map { Account.Command.Event(id: "event \($0)", meter: meter) }
            return .receipt(try await billing.record(events, for: customer, key: sentKey))
        case .record(let meter, let amount):
            return .receipt(try await billing.record(amount, of: meter, for: customer, key: sentKey))
        // Only what `send` has sorted here comes here.
        default: preconditionFailure("Not a use of units.")
        }
        return switch answer {
        case .consumed(let receipt): .receipt(receipt)
        case .denied(let denial): .denied(denial)
        }
    }

    private func work(_ billing: BillingSystem, on life: ServerLife) async throws -> Answer {
        switch wish {
        case .reserve(let meter, let amount, let attempt):
            let answer = try await billing.reserve(
                amount,
                of: meter,
                for: customer,
                key: sentKey,
                attempt: "try \(attempt)"
            )
            return switch answer {
            case .reserved(let work): .reserved(work)
            case .alreadyDone(let receipt): .receipt(receipt)
            case .denied(let denial): .denied(denial)
            }
        case .capture(let work, let amount):
            return .receipt(try await billing.capture(work, amount: amount))
        case .release(let work):
            return switch try await billing.release(work) {
            case .released(let receipt): .released(receipt)
            case .alreadyReleased: .gone
            }
        case .extend(let work, let seconds):
            return switch try await billing.extend(work, by: .seconds(seconds)) {
            case .extended(let end): .extended(until: end)
            case .alreadyReleased: .gone
            }
        case .metered(let meter, let amount, let seconds, let fails):
            let answer = try await billing.metered(meter, amount: amount, for: customer, key: sentKey) {
                try await life.sleep(for: .seconds(seconds), as: .answering)
                if fails { throw WorkFailure() }
            }
            return switch answer {
            case .done(_, let receipt), .alreadyDone(let receipt): .receipt(receipt)
            case .denied(let denial): .denied(denial)
            }
        // Only what `send` has sorted here comes here.
        default: preconditionFailure("Not a piece of work.")
        }
    }

    private func give(_ billing: BillingSystem) async throws -> Answer {
        let answer: BillingSystem.Granting
        switch wish {
        case .refund(let use, let meter, let amount):
            let refunding = try await billing.refund(
                .request(use),
                meter: meter,
                amount: amount,
                for: customer,
                key: sentKey
            )
            return switch refunding {
            case .refunded(let receipt): .receipt(receipt)
            case .exceedsUse(let left): .exceedsUse(left: left)
            }
        case .correct(let meter, let amount):
            let receipt = try await billing.correct(
                meter,
                by: amount,
                reason: "miscounted",
                author: "ann",
                for: customer,
                key: sentKey
            )
            return .receipt(receipt)
        case .void(let grant):
            return switch try await billing.void(grant, of: customer, key: sentKey) {
            case .voided(let receipt): .receipt(receipt)
            case .alreadyOver: .gone
            }
        case .grant(let subject, let amount, let hours, let isBought, let priority):
            let source: Account.Grant.Source = isBought ? .order : .promotion
            let expiry = hours.map { Shop.opening.advanced(by: .seconds($0 * 3_600)) }
            switch subject {
            case .meter(let meter):
                answer = try await billing.grant(
                    amount,
                    of: meter,
                    to: customer,
                    from: source,
                    expiry: expiry,
                    priority: priority,
                    key: sentKey
                )
            case .pool(let pool):
                answer = try await billing.grant(
                    amount,
                    of: pool,
                    to: customer,
                    from: source,
                    expiry: expiry,
                    priority: priority,
                    key: sentKey
                )
            }
        case .grantPack(let order):
            answer = try await billing.grant(pack: Shop.pack, to: customer, for: ("polar", order), key: sentKey)
        // Only what `send` has sorted here comes here.
        default: preconditionFailure("Not a giving of units.")
        }
        return switch answer {
        case .granted(let receipt, let grant): .receipt(receipt, grant: grant)
        case .alreadyGranted: .alreadyGranted
        }
    }

    private func level(_ billing: BillingSystem) async throws -> Answer {
        let answer: BillingSystem.Levelling
        switch wish {
        case .setLevel(let level):
            answer = try await billing.setLevel(level, of: Shop.seats, for: customer, key: sentKey)
        case .raise(let amount):
            answer = try await billing.raise(amount, of: Shop.seats, for: customer, key: sentKey)
        case .lower(let amount):
            return .receipt(try await billing.lower(amount, of: Shop.seats, for: customer, key: sentKey))
        // Only what `send` has sorted here comes here.
        default: preconditionFailure("Not a gauge.")
        }
        return switch answer {
        case .levelled(let receipt): .receipt(receipt)
        case .denied(let denial): .denied(denial)
        }
    }

    private func look(_ billing: BillingSystem) async throws -> Answer {
        switch wish {
        case .startTrial:
            return switch try await billing.startTrial(for: customer) {
            case .began: .trial(began: true)
            case .refused: .trial(began: false)
            }
        case .check(let meter, let amount):
            return switch try await billing.check(amount, of: meter, for: customer) {
            case .allowed(let remaining): .allowed(remaining)
            case .denied(let denial): .denied(denial)
            }
        case .examine: return .findings(try await billing.examine(customer))
        default: return .standing(try await billing.overview(of: customer))
        }
    }
}
