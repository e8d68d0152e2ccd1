extension SQLMigration {
    /// The first tables, as SQLite was told to make them: a text that is never edited, because there are databases that it made.
    static let firstSQLite = SQLMigration(
        "the first tables",
        separatedBySemicolons: """
            CREATE TABLE billing_accounts (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              instant INTEGER NOT NULL,
              anchor INTEGER NOT NULL,
              tier TEXT,
              tier_catalog_version INTEGER,
              tier_ends_at INTEGER,
              first_purchase_at INTEGER,
              due_at INTEGER,
              PRIMARY KEY (customer),
              CHECK ((tier IS NULL) = (tier_catalog_version IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX billing_accounts_due ON billing_accounts (due_at, customer) WHERE due_at IS NOT NULL;

            CREATE TABLE billing_balances (
              customer TEXT NOT NULL,
              subject_kind TEXT NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT NOT NULL,
              starts_at INTEGER NOT NULL,
              ends_at INTEGER NOT NULL,
              used INTEGER NOT NULL CHECK (used >= 0),
              uncovered INTEGER NOT NULL CHECK (uncovered >= 0),
              last_used_at INTEGER,
              grant_id TEXT,
              grant_source TEXT CHECK (grant_source = 'allowance' OR grant_source = 'rollover' OR grant_source = 'renewal' OR grant_source = 'trial' OR grant_source = 'promotion' OR grant_source = 'order' OR grant_source = 'refund' OR grant_source = 'adjustment'),
              grant_basis TEXT CHECK (grant_basis = 'given' OR grant_basis = 'bought'),
              grant_priority INTEGER,
              grant_starts_at INTEGER,
              grant_ends_at INTEGER,
              grant_amount INTEGER CHECK (grant_amount BETWEEN 0 AND 4611686018427387903),
              grant_used INTEGER CHECK (grant_used BETWEEN 0 AND 4611686018427387903),
              grant_held INTEGER CHECK (grant_held BETWEEN 0 AND 4611686018427387903),
              grant_expired INTEGER CHECK (grant_expired BETWEEN 0 AND 4611686018427387903),
              grant_voided INTEGER CHECK (grant_voided BETWEEN 0 AND 4611686018427387903),
              grant_moved INTEGER CHECK (grant_moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, subject_kind, subject),
              CHECK (starts_at <= ends_at),
              CHECK (uncovered <= used),
              CHECK (grant_amount IS NULL OR grant_id IS NOT NULL),
              CHECK (grant_used + grant_held + grant_expired + grant_voided + grant_moved <= grant_amount)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_grants (
              customer TEXT NOT NULL,
              grant_id TEXT NOT NULL,
              subject_kind TEXT NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT NOT NULL,
              source TEXT NOT NULL CHECK (source = 'allowance' OR source = 'rollover' OR source = 'renewal' OR source = 'trial' OR source = 'promotion' OR source = 'order' OR source = 'refund' OR source = 'adjustment'),
              basis TEXT NOT NULL CHECK (basis = 'given' OR basis = 'bought'),
              priority INTEGER NOT NULL,
              starts_at INTEGER NOT NULL,
              ends_at INTEGER,
              amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 4611686018427387903),
              used INTEGER NOT NULL CHECK (used BETWEEN 0 AND 4611686018427387903),
              held INTEGER NOT NULL CHECK (held BETWEEN 0 AND 4611686018427387903),
              expired INTEGER NOT NULL CHECK (expired BETWEEN 0 AND 4611686018427387903),
              voided INTEGER NOT NULL CHECK (voided BETWEEN 0 AND 4611686018427387903),
              moved INTEGER NOT NULL CHECK (moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, grant_id),
              CHECK (ends_at IS NULL OR starts_at <= ends_at),
              CHECK (used + held + expired + voided + moved <= amount)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_holds (
              customer TEXT NOT NULL,
              hold_id TEXT NOT NULL,
              part INTEGER NOT NULL CHECK (part >= 0),
              meter TEXT NOT NULL,
              pool TEXT,
              grant_id TEXT,
              amount INTEGER NOT NULL CHECK (amount >= 1),
              units INTEGER NOT NULL CHECK (units >= 0),
              key TEXT NOT NULL,
              attempt TEXT NOT NULL,
              member TEXT,
              reserved_at INTEGER NOT NULL,
              lapses_at INTEGER NOT NULL,
              PRIMARY KEY (customer, hold_id, part),
              CHECK (pool IS NOT NULL OR units = amount)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_levels (
              customer TEXT NOT NULL,
              meter TEXT NOT NULL,
              units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 4611686018427387903),
              PRIMARY KEY (customer, meter)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_windows (
              customer TEXT NOT NULL,
              meter TEXT NOT NULL,
              seconds INTEGER NOT NULL CHECK (seconds >= 1),
              starts_at INTEGER NOT NULL,
              used INTEGER NOT NULL CHECK (used >= 0),
              PRIMARY KEY (customer, meter, seconds)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_warnings (
              customer TEXT NOT NULL,
              subject_kind TEXT NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT NOT NULL,
              degree TEXT NOT NULL CHECK (degree = 'percent' OR degree = 'units' OR degree = 'exhausted'),
              threshold INTEGER NOT NULL CHECK (threshold >= 0),
              PRIMARY KEY (customer, subject_kind, subject, degree, threshold),
              CHECK ((degree = 'exhausted') = (threshold = 0))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_trials (
              customer TEXT NOT NULL,
              started_at INTEGER NOT NULL,
              days INTEGER NOT NULL CHECK (days >= 1),
              gift_kind TEXT NOT NULL CHECK (gift_kind = 'tier' OR gift_kind = 'credits' OR gift_kind = 'units'),
              gift TEXT NOT NULL,
              gift_units INTEGER,
              catalog_version INTEGER NOT NULL,
              grant_id TEXT,
              reminded_days INTEGER,
              ended_at INTEGER,
              PRIMARY KEY (customer),
              CHECK ((gift_kind = 'tier') = (gift_units IS NULL)),
              CHECK ((gift_kind = 'tier') = (grant_id IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_overrides (
              customer TEXT NOT NULL,
              position INTEGER NOT NULL CHECK (position >= 0),
              kind TEXT NOT NULL CHECK (kind = 'allowance' OR kind = 'rates' OR kind = 'feature'),
              subject TEXT NOT NULL,
              term TEXT NOT NULL,
              ends_at INTEGER,
              PRIMARY KEY (customer, position)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_subscriptions (
              customer TEXT NOT NULL,
              subscription_id TEXT NOT NULL,
              provider TEXT NOT NULL,
              version_object_at INTEGER NOT NULL,
              version_event_at INTEGER NOT NULL,
              tier TEXT NOT NULL,
              status TEXT NOT NULL,
              cycle_count INTEGER,
              cycle_unit TEXT,
              cycle_offset_seconds INTEGER,
              starts_at INTEGER NOT NULL,
              ends_at INTEGER NOT NULL,
              cancels_at_period_end INTEGER NOT NULL CHECK (cancels_at_period_end IN (0, 1)),
              access_ends_at INTEGER,
              ended_at INTEGER,
              past_due_at INTEGER,
              paid_starts_at INTEGER,
              paid_ends_at INTEGER,
              paid_version_object_at INTEGER,
              paid_version_event_at INTEGER,
              paid_before_starts_at INTEGER,
              paid_before_ends_at INTEGER,
              paid_before_version_object_at INTEGER,
              paid_before_version_event_at INTEGER,
              catalog_version INTEGER NOT NULL,
              PRIMARY KEY (customer, subscription_id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_subscription_losses (
              customer TEXT NOT NULL,
              subscription_id TEXT NOT NULL,
              lost_at INTEGER NOT NULL,
              PRIMARY KEY (customer, subscription_id, lost_at)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_upgrades (
              customer TEXT NOT NULL,
              key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier'),
              key_value TEXT NOT NULL,
              tier TEXT NOT NULL,
              cycle_count INTEGER,
              cycle_unit TEXT,
              cycle_offset_seconds INTEGER,
              stage TEXT NOT NULL CHECK (stage = 'clicked' OR stage = 'checkout' OR stage = 'expired' OR stage = 'completed'),
              started_by TEXT,
              clicked_at INTEGER,
              checkout_id TEXT,
              checkout_at INTEGER,
              checkout_version_object_at INTEGER,
              checkout_version_event_at INTEGER,
              order_id TEXT,
              completed_at INTEGER,
              PRIMARY KEY (customer, key_kind, key_value)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_orders (
              customer TEXT NOT NULL,
              provider TEXT NOT NULL,
              order_id TEXT NOT NULL,
              version_object_at INTEGER NOT NULL,
              version_event_at INTEGER NOT NULL,
              status TEXT NOT NULL,
              is_paid INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
              purpose TEXT NOT NULL CHECK (purpose = 'purchase' OR purpose = 'renewal'),
              created_at INTEGER NOT NULL,
              total_minor_units INTEGER NOT NULL,
              currency TEXT NOT NULL,
              refunded_minor_units INTEGER NOT NULL,
              tier TEXT,
              subscription_id TEXT,
              checkout_id TEXT,
              reference TEXT,
              PRIMARY KEY (customer, provider, order_id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
              kind TEXT NOT NULL CHECK (kind = 'consume' OR kind = 'record' OR kind = 'reserve' OR kind = 'capture' OR kind = 'extend' OR kind = 'release' OR kind = 'refund' OR kind = 'correct' OR kind = 'set_level' OR kind = 'raise' OR kind = 'lower' OR kind = 'grant' OR kind = 'void' OR kind = 'start_trial' OR kind = 'override' OR kind = 'settle' OR kind = 'examine' OR kind = 'repair' OR kind = 'start_upgrade' OR kind = 'provider'),
              key TEXT,
              fingerprint INTEGER NOT NULL,
              member TEXT,
              recorded_at INTEGER NOT NULL,
              effective_at INTEGER NOT NULL,
              reason TEXT,
              receipt_subject_kind TEXT,
              receipt_subject TEXT,
              receipt_amount INTEGER,
              receipt_overage INTEGER,
              receipt_is_late INTEGER,
              receipt_skipped INTEGER,
              receipt_remaining INTEGER,
              effect TEXT CHECK (effect = 'drawn' OR effect = 'held' OR effect = 'hold_ended' OR effect = 'returned' OR effect = 'granted' OR effect = 'retired' OR effect = 'period_opened' OR effect = 'carried' OR effect = 'expired' OR effect = 'warned' OR effect = 'recovered' OR effect = 'window_opened' OR effect = 'levelled' OR effect = 'opened' OR effect = 'tier_entered' OR effect = 'period_extended' OR effect = 'restored' OR effect = 'resized' OR effect = 'moved' OR effect = 'voided' OR effect = 'hold_extended' OR effect = 'trial_changed' OR effect = 'purchased' OR effect = 'overridden' OR effect = 'subscribed' OR effect = 'upgraded' OR effect = 'ordered'),
              meter TEXT,
              pool TEXT,
              grant_id TEXT,
              other_grant_id TEXT,
              hold_id TEXT,
              amount INTEGER,
              other_amount INTEGER,
              starts_at INTEGER,
              ends_at INTEGER,
              used_at INTEGER,
              word TEXT,
              of_revision INTEGER,
              PRIMARY KEY (customer, revision, ordinal),
              CHECK (of_revision IS NULL OR effect = 'returned'),
              CHECK ((receipt_subject IS NULL) = (receipt_subject_kind IS NULL)),
              CHECK ((receipt_subject IS NULL) = (receipt_amount IS NULL))
            ) STRICT;

            CREATE UNIQUE INDEX billing_journal_key ON billing_journal (customer, key) WHERE key IS NOT NULL;

            CREATE INDEX billing_journal_ahead ON billing_journal (customer, used_at) WHERE used_at > recorded_at;

            CREATE INDEX billing_journal_returns ON billing_journal (customer, of_revision, revision, ordinal, meter, pool, grant_id, word, amount, used_at) WHERE of_revision IS NOT NULL;

            CREATE TABLE billing_journal_holds (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              hold_id TEXT NOT NULL,
              part INTEGER NOT NULL CHECK (part >= 0),
              meter TEXT NOT NULL,
              pool TEXT,
              grant_id TEXT,
              amount INTEGER NOT NULL CHECK (amount >= 1),
              units INTEGER NOT NULL CHECK (units >= 0),
              key TEXT NOT NULL,
              attempt TEXT NOT NULL,
              member TEXT,
              reserved_at INTEGER NOT NULL,
              lapses_at INTEGER NOT NULL,
              PRIMARY KEY (customer, revision, ordinal, part)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_grants (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              grant_id TEXT NOT NULL,
              subject_kind TEXT NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT NOT NULL,
              source TEXT NOT NULL CHECK (source = 'allowance' OR source = 'rollover' OR source = 'renewal' OR source = 'trial' OR source = 'promotion' OR source = 'order' OR source = 'refund' OR source = 'adjustment'),
              basis TEXT NOT NULL CHECK (basis = 'given' OR basis = 'bought'),
              priority INTEGER NOT NULL,
              starts_at INTEGER NOT NULL,
              ends_at INTEGER,
              amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 4611686018427387903),
              used INTEGER NOT NULL CHECK (used BETWEEN 0 AND 4611686018427387903),
              held INTEGER NOT NULL CHECK (held BETWEEN 0 AND 4611686018427387903),
              expired INTEGER NOT NULL CHECK (expired BETWEEN 0 AND 4611686018427387903),
              voided INTEGER NOT NULL CHECK (voided BETWEEN 0 AND 4611686018427387903),
              moved INTEGER NOT NULL CHECK (moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, revision, ordinal),
              CHECK (used + held + expired + voided + moved <= amount)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX billing_journal_grants_grant ON billing_journal_grants (customer, grant_id, revision, ordinal);

            CREATE TABLE billing_journal_trials (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              started_at INTEGER NOT NULL,
              days INTEGER NOT NULL CHECK (days >= 1),
              gift_kind TEXT NOT NULL CHECK (gift_kind = 'tier' OR gift_kind = 'credits' OR gift_kind = 'units'),
              gift TEXT NOT NULL,
              gift_units INTEGER,
              catalog_version INTEGER NOT NULL,
              grant_id TEXT,
              reminded_days INTEGER,
              ended_at INTEGER,
              PRIMARY KEY (customer, revision, ordinal)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_overrides (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              position INTEGER NOT NULL CHECK (position >= 0),
              kind TEXT NOT NULL CHECK (kind = 'allowance' OR kind = 'rates' OR kind = 'feature'),
              subject TEXT NOT NULL,
              term TEXT NOT NULL,
              ends_at INTEGER,
              PRIMARY KEY (customer, revision, ordinal, position)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_subscriptions (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              subscription_id TEXT NOT NULL,
              provider TEXT NOT NULL,
              version_object_at INTEGER NOT NULL,
              version_event_at INTEGER NOT NULL,
              tier TEXT NOT NULL,
              status TEXT NOT NULL,
              cycle_count INTEGER,
              cycle_unit TEXT,
              cycle_offset_seconds INTEGER,
              starts_at INTEGER NOT NULL,
              ends_at INTEGER NOT NULL,
              cancels_at_period_end INTEGER NOT NULL CHECK (cancels_at_period_end IN (0, 1)),
              access_ends_at INTEGER,
              ended_at INTEGER,
              past_due_at INTEGER,
              paid_starts_at INTEGER,
              paid_ends_at INTEGER,
              paid_version_object_at INTEGER,
              paid_version_event_at INTEGER,
              paid_before_starts_at INTEGER,
              paid_before_ends_at INTEGER,
              paid_before_version_object_at INTEGER,
              paid_before_version_event_at INTEGER,
              catalog_version INTEGER NOT NULL,
              PRIMARY KEY (customer, revision, ordinal)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_subscription_losses (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              lost_at INTEGER NOT NULL,
              PRIMARY KEY (customer, revision, ordinal, lost_at)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_upgrades (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier'),
              key_value TEXT NOT NULL,
              tier TEXT NOT NULL,
              cycle_count INTEGER,
              cycle_unit TEXT,
              cycle_offset_seconds INTEGER,
              stage TEXT NOT NULL CHECK (stage = 'clicked' OR stage = 'checkout' OR stage = 'expired' OR stage = 'completed'),
              started_by TEXT,
              clicked_at INTEGER,
              checkout_id TEXT,
              checkout_at INTEGER,
              checkout_version_object_at INTEGER,
              checkout_version_event_at INTEGER,
              order_id TEXT,
              completed_at INTEGER,
              PRIMARY KEY (customer, revision, ordinal)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_journal_orders (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              provider TEXT NOT NULL,
              order_id TEXT NOT NULL,
              version_object_at INTEGER NOT NULL,
              version_event_at INTEGER NOT NULL,
              status TEXT NOT NULL,
              is_paid INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
              purpose TEXT NOT NULL CHECK (purpose = 'purchase' OR purpose = 'renewal'),
              created_at INTEGER NOT NULL,
              total_minor_units INTEGER NOT NULL,
              currency TEXT NOT NULL,
              refunded_minor_units INTEGER NOT NULL,
              tier TEXT,
              subscription_id TEXT,
              checkout_id TEXT,
              reference TEXT,
              PRIMARY KEY (customer, revision, ordinal)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_events (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              event_id TEXT NOT NULL,
              recorded_at INTEGER NOT NULL,
              PRIMARY KEY (customer, revision, ordinal)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX billing_events_event ON billing_events (customer, event_id, recorded_at);

            CREATE TABLE billing_notices (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
              kind TEXT NOT NULL CHECK (kind = 'low_balance' OR kind = 'exhausted' OR kind = 'trial_ending' OR kind = 'trial_ended' OR kind = 'inconsistent' OR kind = 'tier_changed' OR kind = 'payment_due'),
              subject_kind TEXT,
              subject TEXT,
              other_subject TEXT,
              threshold_kind TEXT,
              threshold INTEGER,
              units_left INTEGER,
              days_left INTEGER,
              ends_at INTEGER,
              severity TEXT,
              message TEXT,
              at INTEGER NOT NULL,
              state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'delivered' OR state = 'dead'),
              attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 4611686018427387903),
              due_at INTEGER,
              PRIMARY KEY (customer, revision, ordinal),
              CHECK ((subject IS NULL) = (subject_kind IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX billing_notices_due ON billing_notices (due_at) WHERE due_at IS NOT NULL;

            CREATE TABLE billing_references (
              provider TEXT NOT NULL,
              kind TEXT NOT NULL CHECK (kind = 'customer' OR kind = 'subscription' OR kind = 'order' OR kind = 'checkout' OR kind = 'grant'),
              id TEXT NOT NULL,
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL,
              ordinal INTEGER NOT NULL,
              PRIMARY KEY (provider, kind, id)
            ) STRICT, WITHOUT ROWID;

            CREATE INDEX billing_references_customer ON billing_references (customer, revision, ordinal);

            CREATE TABLE billing_archived (
              customer TEXT NOT NULL,
              revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              PRIMARY KEY (customer)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_deliveries (
              provider TEXT NOT NULL,
              id TEXT NOT NULL,
              body BLOB NOT NULL,
              received_at INTEGER NOT NULL,
              state TEXT NOT NULL CHECK (state = 'processing' OR state = 'done' OR state = 'ignored' OR state = 'failed' OR state = 'dead'),
              detail TEXT NOT NULL,
              attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 4611686018427387903),
              due_at INTEGER,
              PRIMARY KEY (provider, id)
            ) STRICT;

            CREATE INDEX billing_deliveries_due ON billing_deliveries (due_at) WHERE due_at IS NOT NULL;

            CREATE INDEX billing_deliveries_received ON billing_deliveries (received_at, provider, id);

            CREATE TABLE billing_catalogs (
              version INTEGER NOT NULL CHECK (version >= 1),
              content TEXT NOT NULL,
              PRIMARY KEY (version)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_duties (
              duty TEXT NOT NULL,
              holder TEXT NOT NULL,
              asked_at INTEGER NOT NULL,
              ends_at INTEGER NOT NULL,
              PRIMARY KEY (duty)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE billing_schema (
              version INTEGER NOT NULL CHECK (version >= 1),
              name TEXT NOT NULL,
              checksum INTEGER NOT NULL,
              applied_at INTEGER NOT NULL,
              PRIMARY KEY (version)
            ) STRICT, WITHOUT ROWID
            """
    )
}
