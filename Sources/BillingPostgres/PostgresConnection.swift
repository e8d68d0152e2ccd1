#if Postgres
import BillingKit
import BillingSQL
import CBillingPostgres

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A connection to a server, used by one thread only, which it blocks.
final class PostgresConnection {
    private let handle: OpaquePointer
    private let settings: PostgresSettings
    private let arrays = BinaryArrays()
    /// The names under which the server has statements prepared.
    private var prepared: [PostgresForms.Form: String] = [:]
    private var forms = PostgresForms()
    private var nextName = 1

    /// What comes back for what was sent, in order.
    private enum Expected {
        case preparation(PostgresForms.Form, name: String)
        case rows
    }

    /// Connects, and makes sure that the server is one that the kit can work with.
    init(_ target: PostgresTarget, settings: PostgresSettings) throws(StoreError) {
        self.settings = settings
        handle = try target.connect(settings)
        guard PQserverVersion(handle) >= 130_000 else {
            throw StoreError(.cannotOpen, "The server is PostgreSQL \(PQserverVersion(handle)); 13 or later is needed.")
        }
        guard PQparameterStatus(handle, "server_encoding").map({ String(cString: $0) }) == "UTF8" else {
            throw StoreError(.cannotOpen, "The database's encoding is not UTF8; create one with ENCODING 'UTF8'.")
        }
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else { throw lost(false) }
        if !settings.isBehindTransactionPooler {
            _ = try exchange([Self.configuration(settings, isLocal: false)])
        }
    }

    deinit {
        PQfinish(handle)
    }

    /// The step that gives the settings their values.
    static func configuration(_ settings: PostgresSettings, isLocal: Bool) -> SQLStep {
        let list = settings.parameters.map { name, value in
            "set_config('\(name)', '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))', \(isLocal))"
        }
        return SQLStep(SQLStatement("SELECT \((list + [durability(isLocal)]).joined(separator: ", "))"))
    }

    /// What was acknowledged must be on the disk, whatever the database's default is.
    private static func durability(_ isLocal: Bool) -> String {
        """
        CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', \(isLocal)) END
        """
    }

    /// Whether the server has closed the connection while nothing was asked.
    var isLost: Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) > 0 else { return false }
        return PQconsumeInput(handle) == 0 || PQstatus(handle) != CONNECTION_OK
    }

    /// Sends steps in one go, and returns the rows of each.
    ///
    /// - Parameters:
    ///   - steps: The steps; those that have columns and no row are left out.
    ///   - isCommitting: Whether a commit is among them. If the connection breaks, nobody knows then what became of it.
    /// - Returns: The rows of each step; none for those that were left out.
    /// - Throws: The error of the first step that failed; none after it was run.
    func exchange(_ steps: [SQLStep], isCommitting: Bool = false) throws(StoreError) -> [SQLRows] {
        var expected: [Expected] = []
        var places: [Int] = []
        for (index, step) in steps.enumerated() where step.rowCount > 0 {
            places.append(index)
            try send(step, &expected, isCommitting)
        }
        guard PQpipelineSync(handle) == 1 else { throw lost(isCommitting) }
        var rows = [SQLRows](repeating: SQLRows([]), count: steps.count)
        var next = 0
        var failure: StoreError?
        for one in expected {
            let answer = try receive(isCommitting, failure)
            switch (one, answer) {
            case (.preparation(let form, let name), .success): prepared[form] = name
            case (.rows, .success(let answer)):
                rows[places[next]] = answer ?? SQLRows([])
                next += 1
            // What comes after the first error was not run.
            case (_, .failure(let error)):
                // An end that comes in a commit's place may have come when it was made.
                let isOfCommit = isCommitting && next == places.count - 1 && error.code == .connectionLost
                failure = failure ?? (isOfCommit ? Self.unknown(error) : error)
            }
        }
        try receiveSync(isCommitting, failure)
        if let failure { throw failure }
        return rows
    }

    // MARK: Sending

    private func send(_ step: SQLStep, _ expected: inout [Expected], _ isCommitting: Bool) throws(StoreError) {
        let form = forms.form(of: step)
        arrays.encode(step.columns, form.uniform)
        let count = Int32(step.columns.count)
        let isSent: Int32
        if settings.isBehindTransactionPooler {
            isSent = PQsendQueryParams(
                handle,
                step.arrayText(form.uniform),
                count,
                arrays.types,
                arrays.pointers,
                arrays.lengths,
                arrays.formats,
                1
            )
        } else {
            let name = try name(of: step, form, &expected, isCommitting)
            isSent = PQsendQueryPrepared(handle, name, count, arrays.pointers, arrays.lengths, arrays.formats, 1)
        }
        guard isSent == 1 else { throw lost(isCommitting) }
        expected.append(.rows)
    }

    /// Returns the name of a step's statement, which is sent to be prepared where it is not.
    private func name(
        of step: SQLStep,
        _ form: PostgresForms.Form,
        _ expected: inout [Expected],
        _ isCommitting: Bool
    ) throws(StoreError) -> String {
        if let name = prepared[form] { return name }
        for case .preparation(form, let name) in expected { return name }
        let name = "billing_\(nextName)"
        nextName += 1
        let count = Int32(step.columns.count)
        guard PQsendPrepare(handle, name, step.arrayText(form.uniform), count, arrays.types) == 1 else {
            throw lost(isCommitting)
        }
        expected.append(.preparation(form, name: name))
        return name
    }

    // MARK: Receiving

    /// Waits for the result of one command, and for the mark that ends it.
    private func receive(
        _ isCommitting: Bool,
        _ before: StoreError?
    ) throws(StoreError) -> Result<SQLRows?, StoreError> {
        var answer: Result<SQLRows?, StoreError> = .success(nil)
        while let result = try next(isCommitting, before) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                do throws(StoreError) {
                    answer = .success(try PostgresResult.rows(of: result))
                } catch {
                    // The commit that was sent behind it may have been made.
                    answer = .failure(isCommitting ? Self.unknown(error) : error)
                }
            case PGRES_PIPELINE_ABORTED: answer = .failure(before ?? StoreError(.corrupt, "A step was left out."))
            default:
                // What libpq does not understand may have been the answer to a commit.
                guard PostgresFailure.isOfServer(result) else { throw lost(isCommitting, before) }
                let error = PostgresFailure.error(in: result)
                answer = .failure(isCommitting && mayHideCommit(error, result) ? Self.unknown(error) : error)
            }
        }
        return answer
    }

    /// Whether an error may have come in the place of everything that the server has answered, with the commit.
    ///
    /// A pooler that loses its connection to the server tells of that where the first answer is due.
    private func mayHideCommit(_ error: StoreError, _ result: OpaquePointer) -> Bool {
        PostgresFailure.isOfConnection(result) || settings.isBehindTransactionPooler && error.code == .connectionLost
    }

    private static func unknown(_ error: StoreError) -> StoreError {
        StoreError(.outcomeUnknown, "Whether a commit was written is not known. \(error.message)")
    }

    private func receiveSync(_ isCommitting: Bool, _ before: StoreError?) throws(StoreError) {
        guard let result = try next(isCommitting, before) else { throw lost(isCommitting, before) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost(isCommitting, before) }
    }

    /// Waits for the next result; `nil` ends those of one command.
    private func next(_ isCommitting: Bool, _ before: StoreError?) throws(StoreError) -> OpaquePointer? {
        while true {
            let unsent = PQflush(handle)
            guard unsent >= 0 else { throw lost(isCommitting, before) }
            if PQisBusy(handle) == 0 { break }
            try wait(toSend: unsent == 1, isCommitting, before)
            guard PQconsumeInput(handle) == 1 else { throw lost(isCommitting, before) }
        }
        return PQgetResult(handle)
    }

    /// Waits until the server takes or gives something.
    private func wait(toSend: Bool, _ isCommitting: Bool, _ before: StoreError?) throws(StoreError) {
        let events = Int16(POLLIN) | (toSend ? Int16(POLLOUT) : 0)
        var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        let limit = Int32(clamping: settings.silenceLimit.wholeMicroseconds / 1_000)
        while true {
            let ready = poll(&descriptor, 1, limit)
            if ready > 0 { return }
            if ready < 0, errno == EINTR { continue }
            throw lost(isCommitting, before)
        }
    }

    /// The error of a connection that broke.
    ///
    /// Where a step had failed before the end, it is known that nothing was written, unless the step was the commit.
    private func lost(_ isCommitting: Bool, _ before: StoreError? = nil) -> StoreError {
        let words = PQerrorMessage(handle).map { PostgresTarget.firstLine(String(cString: $0)) } ?? ""
        if let before, before.code == .outcomeUnknown { return before }
        if let before {
            return StoreError(.connectionLost, "The connection to PostgreSQL broke. \(before.message) \(words)")
        }
        return isCommitting
            ? StoreError(.outcomeUnknown, "The connection to PostgreSQL broke during a commit. \(words)")
            : StoreError(.connectionLost, "The connection to PostgreSQL broke; nothing was written. \(words)")
    }
}
#endif
