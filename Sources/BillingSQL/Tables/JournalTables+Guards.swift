extension JournalTables {
    /// The tables whose rows stay until they have been archived: the journal and what lies beside it.
    ///
    /// Notices are settled, ids of events leave by their age, and the provider's names belong to their customers for ever.
    static let kept = all.filter { ![events.name, notices.name, references.name].contains($0.name) }

    /// Returns the statements that make the triggers which keep rows as they are.
    ///
    /// A trigger is asked about the statements that it is for alone, so writing to the journal costs what it did. A migration
    /// that changes rows of these tables, or makes one of them anew, has to make them anew too.
    static func guards(in dialect: SQLDialect) -> [String] {
        switch dialect {
        case .sqlite: (kept + [events]).map { unchangedInSQLite($0.name) } + kept.map { keptInSQLite($0.name) }
        case .postgres:
            [functionInPostgres]
                + (kept + [events]).map { inPostgres("UPDATE", of: $0.name, "is_not_changed") }
                + kept.map { inPostgres("DELETE", of: $0.name, "is_kept") }
        }
    }

    private static func unchangedInSQLite(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_is_not_changed BEFORE UPDATE ON \(table)
        BEGIN
          SELECT RAISE(ABORT, 'The rows of ''\(table)'' are never changed.');
        END
        """
    }

    private static func keptInSQLite(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_is_kept BEFORE DELETE ON \(table)
        WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
        BEGIN
          SELECT RAISE(ABORT, 'A row of ''\(table)'' has not been archived, so it stays.');
        END
        """
    }

    /// It looks into the schema of the table, whatever schemas whoever deletes looks into.
    private static let functionInPostgres = """
        CREATE FUNCTION billing_keep_journal() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          is_archived BOOLEAN;
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION 'The rows of ''%'' are never changed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
          END IF;
          EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM %I.billing_archived WHERE customer = $1 AND revision >= $2)', TG_TABLE_SCHEMA
          ) INTO is_archived USING OLD.customer, OLD.revision;
          IF NOT is_archived THEN
            RAISE EXCEPTION 'A row of ''%'' has not been archived, so it stays.', TG_TABLE_NAME
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN OLD;
        END
        $$
        """

    private static func inPostgres(_ statement: String, of table: String, _ name: String) -> String {
        """
        CREATE TRIGGER \(table)_\(name) BEFORE \(statement) ON \(table) \
        FOR EACH ROW EXECUTE FUNCTION billing_keep_journal()
        """
    }
}
