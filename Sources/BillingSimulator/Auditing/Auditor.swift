import BillingKit

/// Holds what a store has, and what servers answer, against books of its own.
///
/// It decides nothing and folds nothing with the model's code: it knows the journal's rows as data, the catalog's
/// numbers, what was asked and what was answered, and adds up by itself. Catalog and rows are read; of what the model
/// reckons from them nothing is used.
struct Auditor: Sendable {
    /// A question that is not answered yet.
    private struct Question {
        let request: Request
        /// The least that was there since it was asked of what it demands, or `nil` where that is not known.
        var least: Int64?
    }

    /// What was asked under a key, and how it was answered.
    private struct Use {
        var tries = 0
        /// What the receipt was given for.
        var content: Request.Wish?
    }

    private struct Place: Hashable {
        let customer: CustomerID
        let key: Account.Key
    }

    let catalog: Catalog
    private var books: [CustomerID: Book] = [:]
    private var owners: [ProviderReference: CustomerID] = [:]
    /// Who was given what an order bought.
    private var buyers: [String: Place] = [:]
    private var questions: [Int: Question] = [:]
    private var uses: [Place: Use] = [:]
    /// The latest instant that any clock has shown.
    private(set) var latest = Shop.opening

    init(catalog: Catalog) {
        self.catalog = catalog
    }

    private func book(of customer: CustomerID) -> Book { books[customer] ?? Book(customer) }

    /// The revision up to which a customer's journal is known.
    func revision(of customer: CustomerID) -> Int64 { book(of: customer).revision }

    /// The customers who have a journal.
    var customers: [CustomerID] { books.keys.sorted() }

    /// The receipt of a row.
    func hasRow(of key: Account.Key?, for customer: CustomerID) -> Bool { book(of: customer).row(of: key) != nil }

    /// Notes what a server's clock shows.
    mutating func note(reading: Timestamp) {
        latest = max(latest, reading)
    }

    // MARK: The store

    /// Takes new rows of a customer's journal in.
    mutating func take(_ rows: [Account.Change], of customer: CustomerID) throws(Violation) {
        measure(customer)
        for row in rows {
            var book = book(of: customer)
            try book.take(row, catalog: catalog)
            books[customer] = book
            // After each: what is decided together may be refused between one row and the next.
            measure(customer)
            for reference in row.references {
                if let owner = owners.updateValue(customer, forKey: reference) {
                    throw Violation(
                        .oneOrderOneGrant,
                        "\(customer) r\(row.revision) is given \(reference), which \(owner) was given before."
                    )
                }
            }
        }
    }

    /// Holds the account that the store has against the journal.
    func compare(_ account: Account) throws(Violation) {
        try book(of: account.customer).compare(account)
    }

    /// Holds a customer's whole journal against what it was.
    func compare(_ journal: [Account.Change], of customer: CustomerID) throws(Violation) {
        try book(of: customer).compare(journal)
    }

    /// Notes that an observer has heard a notice.
    mutating func heard(_ notice: Account.Notice) throws(Violation) {
        let name = Text.of(notice)
        guard book(of: notice.customer).notices.contains(name) else {
            throw Violation(.noticesAreTold, "\(name) is told and was never written.")
        }
        books[notice.customer]?.unheard.remove(name)
    }

    // MARK: Questions

    /// Notes that a request is sent.
    mutating func asked(_ number: Int, _ request: Request) {
        if let key = request.accountKey { uses[Place(customer: request.customer, key: key), default: Use()].tries += 1 }
        questions[number] = Question(request: request)
        measure(request.customer)
    }

    /// Notes that nobody will hear the answer.
    mutating func lost(_ number: Int) {
        questions[number] = nil
    }

    /// Notes how much is there now of what the open questions of a customer demand.
    private mutating func measure(_ customer: CustomerID) {
        let book = book(of: customer)
        questions = questions.mapValues { question in
            guard question.request.customer == customer, let demand = question.request.demand else { return question }
            var question = question
            question.least = min(question.least ?? .max, certain(demand.meter, in: book))
            return question
        }
    }

    /// What every server finds of a meter, whatever its clock shows; nothing where that cannot be told.
    private func certain(_ meter: Meter.ID, in book: Book) -> Int64 {
        // Where the tier may have ended, what it gave may be gone.
        guard let instant = book.instant, book.standing?.until.map({ latest < $0 }) ?? true else { return 0 }
        let lots = book.lots.values.filter { lot in
            !book.retired.contains(lot.id) && lot.isUsable(at: max(instant, latest))
                && (lot.source == .allowance || lot.effective <= instant)
        }
        let own = lots.reduce(Int64(0)) { $0 + ($1.subject == .meter(meter) ? $1.left : 0) }
        guard let draw = catalog.meters.first(where: { $0.id == meter })?.draw else { return own }
        return own + lots.reduce(0) { $0 + ($1.subject == .pool(draw.pool) ? $1.left : 0) } / draw.cost
    }

    /// Holds an answer against the books.
    mutating func answered(_ number: Int, _ answer: Answer) throws(Violation) {
        guard let request = questions[number]?.request else { return }
        measure(request.customer)
        let least = questions.removeValue(forKey: number)?.least
        let book = book(of: request.customer)
        switch answer {
        case .receipt(let receipt, let grant):
            try check(receipt, for: request, in: book)
            if let grant, book.lots[grant] == nil {
                throw Violation(.answeredMeansWritten, "\(request) was given \(grant), which is not in the journal.")
            }
        case .released(let receipt): try check(row(receipt, in: book), has: receipt, for: request)
        case .reserved(let work): try check(work, for: request, in: book)
        case .denied(let denial): try check(denial, for: request, least: least)
        case .gone: try checkGone(request, in: book)
        case .refused(let error): try check(error, for: request, in: book)
        case .storeFault(let error): try check(error, for: request, in: book)
        case .fault(let error):
            // With as few servers as a world has, nobody is always slower than the others.
            if error.code == .contention { throw Violation(.everyoneIsAnswered, "\(request): \(error.message)") }
            if error.code == .inconsistent { throw Violation(.answeredMeansWritten, "\(request): \(error.message)") }
            try checkAbsence(request, in: book, saying: error.message)
        case .workFailed, .cancelled: try checkAbsence(request, in: book, saying: Text.of(answer))
        case .findings(let findings):
            guard findings.isEmpty else {
                throw Violation(.balanceIsSumOfEntries, "\(request.customer) is found wrong: \(findings[0]).")
            }
        case .alreadyGranted, .exceedsUse, .extended, .trial, .allowed, .standing: break
        }
    }

    private func row(_ receipt: Account.Receipt, in book: Book) -> Account.Change? {
        let index = Int(receipt.revision) - 1
        return book.rows.indices.contains(index) ? book.rows[index] : nil
    }

    private func check(
        _ row: Account.Change?,
        has receipt: Account.Receipt,
        for request: Request
    ) throws(Violation) {
        guard let row else {
            throw Violation(
                .answeredMeansWritten,
                "\(request) has the receipt \(Text.of(receipt)), which is not written."
            )
        }
        guard row.receipt == receipt else {
            throw Violation(
                .oneKeyOneEffect,
                "\(request) has the receipt \(Text.of(receipt)) where \(row.receipt.map { Text.of($0) } ?? "none") is written."
            )
        }
    }

    private mutating func check(_ receipt: Account.Receipt, for request: Request, in book: Book) throws(Violation) {
        guard let key = request.accountKey else { return try check(row(receipt, in: book), has: receipt, for: request) }
        try check(book.row(of: key), has: receipt, for: request)
        let place = Place(customer: request.customer, key: key)
        let content = request.content
        if let other = uses[place]?.content, other != content {
            throw Violation(
                .oneKeyOneEffect,
                "\(request) has the receipt of the same key for something else: \(Text.of(other))."
            )
        }
        uses[place]?.content = content
        guard request.isMet(by: receipt) else {
            throw Violation(.answeredMeansWritten, "\(request) has a receipt of something else: \(Text.of(receipt)).")
        }
        if case .grantPack(let order) = request.wish {
            let buyer = buyers[order] ?? place
            buyers[order] = buyer
            guard buyer == place else {
                throw Violation(
                    .oneOrderOneGrant,
                    "\(request) is given what \(buyer.customer) was given as '\(buyer.key)'."
                )
            }
        }
    }

    private func check(
        _ work: BillingSystem.Reservation,
        for request: Request,
        in book: Book
    ) throws(Violation) {
        guard let row = row(work.receipt, in: book), let receipt = row.receipt, row.kind == .reserve else {
            throw Violation(.answeredMeansWritten, "\(request) has \(work.hold), which is not written.")
        }
        // Given again it says what is left by now.
        guard receipt.line.amount == work.receipt.amount, receipt.at == work.receipt.at,
            book.works[work.hold] != nil || book.endedWorks.contains(work.hold)
        else { throw Violation(.holdsEndOnce, "\(request) has \(work.hold), which is written otherwise.") }
    }

    private func check(_ denial: Account.Denial, for request: Request, least: Int64?) throws(Violation) {
        if case .rate = denial.limit { return }
        guard let demand = request.demand, let least, least >= demand.amount else { return }
        throw Violation(
            .refusalsAreTrue,
            "\(request) was denied with \(denial.remaining) left, and at least \(least) were there all the time."
        )
    }

    private func checkGone(_ request: Request, in book: Book) throws(Violation) {
        switch request.wish {
        case .release(let work), .extend(let work, _):
            guard let live = book.works[work.hold], latest < live.lapsesAt else { return }
            throw Violation(.refusalsAreTrue, "\(request) was told that the hold is gone, and it is live.")
        default: return
        }
    }

    private func check(_ error: Account.DecisionError, for request: Request, in book: Book) throws(Violation) {
        guard error.code == .keyReused, let key = request.accountKey else { return }
        if uses[Place(customer: request.customer, key: key)]?.content == request.content {
            throw Violation(.oneKeyOneEffect, "\(request) was refused, and answered with a receipt before.")
        }
        guard book.row(of: key) == nil, !book.workKeys.contains(key) else { return }
        throw Violation(.oneKeyOneEffect, "\(request) was told that its key is used, and it never was.")
    }

    private func check(_ error: StoreError, for request: Request, in book: Book) throws(Violation) {
        if error.code == .corrupt || error.code == .unique {
            throw Violation(.answeredMeansWritten, "\(request): \(error.message)")
        }
        // Whether it was done is not known, and so it is said.
        if error.code == .outcomeUnknown { return }
        try checkAbsence(request, in: book, saying: error.code.rawValue)
    }

    /// Makes sure that a request of which it was said that nothing was done, and which was sent once, did nothing.
    private func checkAbsence(_ request: Request, in book: Book, saying reason: String) throws(Violation) {
        guard let key = request.accountKey, uses[Place(customer: request.customer, key: key)]?.tries == 1,
            let row = book.row(of: key)
        else { return }
        throw Violation(
            .answeredMeansWritten,
            "\(request) was told '\(reason)', as if nothing had been done, and r\(row.revision) is written."
        )
    }

    // MARK: At rest

    /// Makes sure that nothing is left over.
    func checkRest() throws(Violation) {
        for customer in customers {
            let book = book(of: customer)
            for work in book.works.values.sorted(by: { $0.hold.id < $1.hold.id }) where work.lapsesAt <= latest {
                throw Violation(.nothingHeldAtRest, "\(customer) still has \(work.hold.id), which has lapsed.")
            }
            let held = book.lots.values.reduce(0) { $0 + $1.held }
            let expected = book.works.values.reduce(Int64(0)) { sum, work in
                sum + work.parts.reduce(0) { $0 + ($1.grant == nil ? 0 : $1.amount) }
            }
            guard held == expected else {
                throw Violation(.nothingHeldAtRest, "\(customer) has \(held) held, and work for \(expected).")
            }
            if let notice = book.unheard.min() { throw Violation(.noticesAreTold, "\(notice) was never told.") }
        }
    }
}
