extension SQLMigration {
    /// The first tables, as PostgreSQL was told to make them: a text that is never edited, because there are databases that it made.
    static let firstPostgres = SQLMigration(
        "the first tables",
        separatedBySemicolons: """
            CREATE TABLE billing_accounts (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              instant BIGINT NOT NULL,
              anchor BIGINT NOT NULL,
              tier TEXT COLLATE "C",
              tier_catalog_version BIGINT,
              tier_ends_at BIGINT,
              first_purchase_at BIGINT,
              due_at BIGINT,
              PRIMARY KEY (customer),
              CHECK ((tier IS NULL) = (tier_catalog_version IS NULL))
            ) WITH (fillfactor = 60);

            CREATE INDEX billing_accounts_due ON billing_accounts (due_at, customer) WHERE due_at IS NOT NULL;

            CREATE TABLE billing_balances (
              customer TEXT COLLATE "C" NOT NULL,
              subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT COLLATE "C" NOT NULL,
              starts_at BIGINT NOT NULL,
              ends_at BIGINT NOT NULL,
              used BIGINT NOT NULL CHECK (used >= 0),
              uncovered BIGINT NOT NULL CHECK (uncovered >= 0),
              last_used_at BIGINT,
              grant_id TEXT COLLATE "C",
              grant_source TEXT COLLATE "C" CHECK (grant_source = 'allowance' OR grant_source = 'rollover' OR grant_source = 'renewal' OR grant_source = 'trial' OR grant_source = 'promotion' OR grant_source = 'order' OR grant_source = 'refund' OR grant_source = 'adjustment'),
              grant_basis TEXT COLLATE "C" CHECK (grant_basis = 'given' OR grant_basis = 'bought'),
              grant_priority BIGINT,
              grant_starts_at BIGINT,
              grant_ends_at BIGINT,
              grant_amount BIGINT CHECK (grant_amount BETWEEN 0 AND 4611686018427387903),
              grant_used BIGINT CHECK (grant_used BETWEEN 0 AND 4611686018427387903),
              grant_held BIGINT CHECK (grant_held BETWEEN 0 AND 4611686018427387903),
              grant_expired BIGINT CHECK (grant_expired BETWEEN 0 AND 4611686018427387903),
              grant_voided BIGINT CHECK (grant_voided BETWEEN 0 AND 4611686018427387903),
              grant_moved BIGINT CHECK (grant_moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, subject_kind, subject),
              CHECK (starts_at <= ends_at),
              CHECK (uncovered <= used),
              CHECK (grant_amount IS NULL OR grant_id IS NOT NULL),
              CHECK (grant_used + grant_held + grant_expired + grant_voided + grant_moved <= grant_amount)
            ) WITH (fillfactor = 60);

            CREATE TABLE billing_grants (
              customer TEXT COLLATE "C" NOT NULL,
              grant_id TEXT COLLATE "C" NOT NULL,
              subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT COLLATE "C" NOT NULL,
              source TEXT COLLATE "C" NOT NULL CHECK (source = 'allowance' OR source = 'rollover' OR source = 'renewal' OR source = 'trial' OR source = 'promotion' OR source = 'order' OR source = 'refund' OR source = 'adjustment'),
              basis TEXT COLLATE "C" NOT NULL CHECK (basis = 'given' OR basis = 'bought'),
              priority BIGINT NOT NULL,
              starts_at BIGINT NOT NULL,
              ends_at BIGINT,
              amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 4611686018427387903),
              used BIGINT NOT NULL CHECK (used BETWEEN 0 AND 4611686018427387903),
              held BIGINT NOT NULL CHECK (held BETWEEN 0 AND 4611686018427387903),
              expired BIGINT NOT NULL CHECK (expired BETWEEN 0 AND 4611686018427387903),
              voided BIGINT NOT NULL CHECK (voided BETWEEN 0 AND 4611686018427387903),
              moved BIGINT NOT NULL CHECK (moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, grant_id),
              CHECK (ends_at IS NULL OR starts_at <= ends_at),
              CHECK (used + held + expired + voided + moved <= amount)
            );

            CREATE TABLE billing_holds (
              customer TEXT COLLATE "C" NOT NULL,
              hold_id TEXT COLLATE "C" NOT NULL,
              part BIGINT NOT NULL CHECK (part >= 0),
              meter TEXT COLLATE "C" NOT NULL,
              pool TEXT COLLATE "C",
              grant_id TEXT COLLATE "C",
              amount BIGINT NOT NULL CHECK (amount >= 1),
              units BIGINT NOT NULL CHECK (units >= 0),
              key TEXT COLLATE "C" NOT NULL,
              attempt TEXT COLLATE "C" NOT NULL,
              member TEXT COLLATE "C",
              reserved_at BIGINT NOT NULL,
              lapses_at BIGINT NOT NULL,
              PRIMARY KEY (customer, hold_id, part),
              CHECK (pool IS NOT NULL OR units = amount)
            );

            CREATE TABLE billing_levels (
              customer TEXT COLLATE "C" NOT NULL,
              meter TEXT COLLATE "C" NOT NULL,
              units BIGINT NOT NULL CHECK (units BETWEEN 1 AND 4611686018427387903),
              PRIMARY KEY (customer, meter)
            );

            CREATE TABLE billing_windows (
              customer TEXT COLLATE "C" NOT NULL,
              meter TEXT COLLATE "C" NOT NULL,
              seconds BIGINT NOT NULL CHECK (seconds >= 1),
              starts_at BIGINT NOT NULL,
              used BIGINT NOT NULL CHECK (used >= 0),
              PRIMARY KEY (customer, meter, seconds)
            );

            CREATE TABLE billing_warnings (
              customer TEXT COLLATE "C" NOT NULL,
              subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT COLLATE "C" NOT NULL,
              degree TEXT COLLATE "C" NOT NULL CHECK (degree = 'percent' OR degree = 'units' OR degree = 'exhausted'),
              threshold BIGINT NOT NULL CHECK (threshold >= 0),
              PRIMARY KEY (customer, subject_kind, subject, degree, threshold),
              CHECK ((degree = 'exhausted') = (threshold = 0))
            );

            CREATE TABLE billing_trials (
              customer TEXT COLLATE "C" NOT NULL,
              started_at BIGINT NOT NULL,
              days BIGINT NOT NULL CHECK (days >= 1),
              gift_kind TEXT COLLATE "C" NOT NULL CHECK (gift_kind = 'tier' OR gift_kind = 'credits' OR gift_kind = 'units'),
              gift TEXT COLLATE "C" NOT NULL,
              gift_units BIGINT,
              catalog_version BIGINT NOT NULL,
              grant_id TEXT COLLATE "C",
              reminded_days BIGINT,
              ended_at BIGINT,
              PRIMARY KEY (customer),
              CHECK ((gift_kind = 'tier') = (gift_units IS NULL)),
              CHECK ((gift_kind = 'tier') = (grant_id IS NULL))
            );

            CREATE TABLE billing_overrides (
              customer TEXT COLLATE "C" NOT NULL,
              position BIGINT NOT NULL CHECK (position >= 0),
              kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'allowance' OR kind = 'rates' OR kind = 'feature'),
              subject TEXT COLLATE "C" NOT NULL,
              term TEXT COLLATE "C" NOT NULL,
              ends_at BIGINT,
              PRIMARY KEY (customer, position)
            );

            CREATE TABLE billing_subscriptions (
              customer TEXT COLLATE "C" NOT NULL,
              subscription_id TEXT COLLATE "C" NOT NULL,
              provider TEXT COLLATE "C" NOT NULL,
              version_object_at BIGINT NOT NULL,
              version_event_at BIGINT NOT NULL,
              tier TEXT COLLATE "C" NOT NULL,
              status TEXT COLLATE "C" NOT NULL,
              cycle_count BIGINT,
              cycle_unit TEXT COLLATE "C",
              cycle_offset_seconds BIGINT,
              starts_at BIGINT NOT NULL,
              ends_at BIGINT NOT NULL,
              cancels_at_period_end BIGINT NOT NULL CHECK (cancels_at_period_end IN (0, 1)),
              access_ends_at BIGINT,
              ended_at BIGINT,
              past_due_at BIGINT,
              paid_starts_at BIGINT,
              paid_ends_at BIGINT,
              paid_version_object_at BIGINT,
              paid_version_event_at BIGINT,
              paid_before_starts_at BIGINT,
              paid_before_ends_at BIGINT,
              paid_before_version_object_at BIGINT,
              paid_before_version_event_at BIGINT,
              catalog_version BIGINT NOT NULL,
              PRIMARY KEY (customer, subscription_id)
            );

            CREATE TABLE billing_subscription_losses (
              customer TEXT COLLATE "C" NOT NULL,
              subscription_id TEXT COLLATE "C" NOT NULL,
              lost_at BIGINT NOT NULL,
              PRIMARY KEY (customer, subscription_id, lost_at)
            );

            CREATE TABLE billing_upgrades (
              customer TEXT COLLATE "C" NOT NULL,
              key_kind TEXT COLLATE "C" NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier'),
              key_value TEXT COLLATE "C" NOT NULL,
              tier TEXT COLLATE "C" NOT NULL,
              cycle_count BIGINT,
              cycle_unit TEXT COLLATE "C",
              cycle_offset_seconds BIGINT,
              stage TEXT COLLATE "C" NOT NULL CHECK (stage = 'clicked' OR stage = 'checkout' OR stage = 'expired' OR stage = 'completed'),
              started_by TEXT COLLATE "C",
              clicked_at BIGINT,
              checkout_id TEXT COLLATE "C",
              checkout_at BIGINT,
              checkout_version_object_at BIGINT,
              checkout_version_event_at BIGINT,
              order_id TEXT COLLATE "C",
              completed_at BIGINT,
              PRIMARY KEY (customer, key_kind, key_value)
            );

            CREATE TABLE billing_orders (
              customer TEXT COLLATE "C" NOT NULL,
              provider TEXT COLLATE "C" NOT NULL,
              order_id TEXT COLLATE "C" NOT NULL,
              version_object_at BIGINT NOT NULL,
              version_event_at BIGINT NOT NULL,
              status TEXT COLLATE "C" NOT NULL,
              is_paid BIGINT NOT NULL CHECK (is_paid IN (0, 1)),
              purpose TEXT COLLATE "C" NOT NULL CHECK (purpose = 'purchase' OR purpose = 'renewal'),
              created_at BIGINT NOT NULL,
              total_minor_units BIGINT NOT NULL,
              currency TEXT COLLATE "C" NOT NULL,
              refunded_minor_units BIGINT NOT NULL,
              tier TEXT COLLATE "C",
              subscription_id TEXT COLLATE "C",
              checkout_id TEXT COLLATE "C",
              reference TEXT COLLATE "C",
              PRIMARY KEY (customer, provider, order_id)
            );

            CREATE TABLE billing_journal (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              ordinal BIGINT NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
              kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'consume' OR kind = 'record' OR kind = 'reserve' OR kind = 'capture' OR kind = 'extend' OR kind = 'release' OR kind = 'refund' OR kind = 'correct' OR kind = 'set_level' OR kind = 'raise' OR kind = 'lower' OR kind = 'grant' OR kind = 'void' OR kind = 'start_trial' OR kind = 'override' OR kind = 'settle' OR kind = 'examine' OR kind = 'repair' OR kind = 'start_upgrade' OR kind = 'provider'),
              key TEXT COLLATE "C",
              fingerprint BIGINT NOT NULL,
              member TEXT COLLATE "C",
              recorded_at BIGINT NOT NULL,
              effective_at BIGINT NOT NULL,
              reason TEXT COLLATE "C",
              receipt_subject_kind TEXT COLLATE "C",
              receipt_subject TEXT COLLATE "C",
              receipt_amount BIGINT,
              receipt_overage BIGINT,
              receipt_is_late BIGINT,
              receipt_skipped BIGINT,
              receipt_remaining BIGINT,
              effect TEXT COLLATE "C" CHECK (effect = 'drawn' OR effect = 'held' OR effect = 'hold_ended' OR effect = 'returned' OR effect = 'granted' OR effect = 'retired' OR effect = 'period_opened' OR effect = 'carried' OR effect = 'expired' OR effect = 'warned' OR effect = 'recovered' OR effect = 'window_opened' OR effect = 'levelled' OR effect = 'opened' OR effect = 'tier_entered' OR effect = 'period_extended' OR effect = 'restored' OR effect = 'resized' OR effect = 'moved' OR effect = 'voided' OR effect = 'hold_extended' OR effect = 'trial_changed' OR effect = 'purchased' OR effect = 'overridden' OR effect = 'subscribed' OR effect = 'upgraded' OR effect = 'ordered'),
              meter TEXT COLLATE "C",
              pool TEXT COLLATE "C",
              grant_id TEXT COLLATE "C",
              other_grant_id TEXT COLLATE "C",
              hold_id TEXT COLLATE "C",
              amount BIGINT,
              other_amount BIGINT,
              starts_at BIGINT,
              ends_at BIGINT,
              used_at BIGINT,
              word TEXT COLLATE "C",
              of_revision BIGINT,
              PRIMARY KEY (customer, revision, ordinal),
              CHECK (of_revision IS NULL OR effect = 'returned'),
              CHECK ((receipt_subject IS NULL) = (receipt_subject_kind IS NULL)),
              CHECK ((receipt_subject IS NULL) = (receipt_amount IS NULL))
            );

            CREATE UNIQUE INDEX billing_journal_key ON billing_journal (customer, key) WHERE key IS NOT NULL;

            CREATE INDEX billing_journal_ahead ON billing_journal (customer, used_at) WHERE used_at > recorded_at;

            CREATE INDEX billing_journal_returns ON billing_journal (customer, of_revision, revision, ordinal, meter, pool, grant_id, word, amount, used_at) WHERE of_revision IS NOT NULL;

            CREATE TABLE billing_journal_holds (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              hold_id TEXT COLLATE "C" NOT NULL,
              part BIGINT NOT NULL CHECK (part >= 0),
              meter TEXT COLLATE "C" NOT NULL,
              pool TEXT COLLATE "C",
              grant_id TEXT COLLATE "C",
              amount BIGINT NOT NULL CHECK (amount >= 1),
              units BIGINT NOT NULL CHECK (units >= 0),
              key TEXT COLLATE "C" NOT NULL,
              attempt TEXT COLLATE "C" NOT NULL,
              member TEXT COLLATE "C",
              reserved_at BIGINT NOT NULL,
              lapses_at BIGINT NOT NULL,
              PRIMARY KEY (customer, revision, ordinal, part)
            );

            CREATE TABLE billing_journal_grants (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              grant_id TEXT COLLATE "C" NOT NULL,
              subject_kind TEXT COLLATE "C" NOT NULL CHECK (subject_kind = 'meter' OR subject_kind = 'pool'),
              subject TEXT COLLATE "C" NOT NULL,
              source TEXT COLLATE "C" NOT NULL CHECK (source = 'allowance' OR source = 'rollover' OR source = 'renewal' OR source = 'trial' OR source = 'promotion' OR source = 'order' OR source = 'refund' OR source = 'adjustment'),
              basis TEXT COLLATE "C" NOT NULL CHECK (basis = 'given' OR basis = 'bought'),
              priority BIGINT NOT NULL,
              starts_at BIGINT NOT NULL,
              ends_at BIGINT,
              amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 4611686018427387903),
              used BIGINT NOT NULL CHECK (used BETWEEN 0 AND 4611686018427387903),
              held BIGINT NOT NULL CHECK (held BETWEEN 0 AND 4611686018427387903),
              expired BIGINT NOT NULL CHECK (expired BETWEEN 0 AND 4611686018427387903),
              voided BIGINT NOT NULL CHECK (voided BETWEEN 0 AND 4611686018427387903),
              moved BIGINT NOT NULL CHECK (moved BETWEEN 0 AND 4611686018427387903),
              PRIMARY KEY (customer, revision, ordinal),
              CHECK (used + held + expired + voided + moved <= amount)
            );

            CREATE INDEX billing_journal_grants_grant ON billing_journal_grants (customer, grant_id, revision, ordinal);

            CREATE TABLE billing_journal_trials (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              started_at BIGINT NOT NULL,
              days BIGINT NOT NULL CHECK (days >= 1),
              gift_kind TEXT COLLATE "C" NOT NULL CHECK (gift_kind = 'tier' OR gift_kind = 'credits' OR gift_kind = 'units'),
              gift TEXT COLLATE "C" NOT NULL,
              gift_units BIGINT,
              catalog_version BIGINT NOT NULL,
              grant_id TEXT COLLATE "C",
              reminded_days BIGINT,
              ended_at BIGINT,
              PRIMARY KEY (customer, revision, ordinal)
            );

            CREATE TABLE billing_journal_overrides (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              position BIGINT NOT NULL CHECK (position >= 0),
              kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'allowance' OR kind = 'rates' OR kind = 'feature'),
              subject TEXT COLLATE "C" NOT NULL,
              term TEXT COLLATE "C" NOT NULL,
              ends_at BIGINT,
              PRIMARY KEY (customer, revision, ordinal, position)
            );

            CREATE TABLE billing_journal_subscriptions (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              subscription_id TEXT COLLATE "C" NOT NULL,
              provider TEXT COLLATE "C" NOT NULL,
              version_object_at BIGINT NOT NULL,
              version_event_at BIGINT NOT NULL,
              tier TEXT COLLATE "C" NOT NULL,
              status TEXT COLLATE "C" NOT NULL,
              cycle_count BIGINT,
              cycle_unit TEXT COLLATE "C",
              cycle_offset_seconds BIGINT,
              starts_at BIGINT NOT NULL,
              ends_at BIGINT NOT NULL,
              cancels_at_period_end BIGINT NOT NULL CHECK (cancels_at_period_end IN (0, 1)),
              access_ends_at BIGINT,
              ended_at BIGINT,
              past_due_at BIGINT,
              paid_starts_at BIGINT,
              paid_ends_at BIGINT,
              paid_version_object_at BIGINT,
              paid_version_event_at BIGINT,
              paid_before_starts_at BIGINT,
              paid_before_ends_at BIGINT,
              paid_before_version_object_at BIGINT,
              paid_before_version_event_at BIGINT,
              catalog_version BIGINT NOT NULL,
              PRIMARY KEY (customer, revision, ordinal)
            );

            CREATE TABLE billing_journal_subscription_losses (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              lost_at BIGINT NOT NULL,
              PRIMARY KEY (customer, revision, ordinal, lost_at)
            );

            CREATE TABLE billing_journal_upgrades (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              key_kind TEXT COLLATE "C" NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier'),
              key_value TEXT COLLATE "C" NOT NULL,
              tier TEXT COLLATE "C" NOT NULL,
              cycle_count BIGINT,
              cycle_unit TEXT COLLATE "C",
              cycle_offset_seconds BIGINT,
              stage TEXT COLLATE "C" NOT NULL CHECK (stage = 'clicked' OR stage = 'checkout' OR stage = 'expired' OR stage = 'completed'),
              started_by TEXT COLLATE "C",
              clicked_at BIGINT,
              checkout_id TEXT COLLATE "C",
              checkout_at BIGINT,
              checkout_version_object_at BIGINT,
              checkout_version_event_at BIGINT,
              order_id TEXT COLLATE "C",
              completed_at BIGINT,
              PRIMARY KEY (customer, revision, ordinal)
            );

            CREATE TABLE billing_journal_orders (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              provider TEXT COLLATE "C" NOT NULL,
              order_id TEXT COLLATE "C" NOT NULL,
              version_object_at BIGINT NOT NULL,
              version_event_at BIGINT NOT NULL,
              status TEXT COLLATE "C" NOT NULL,
              is_paid BIGINT NOT NULL CHECK (is_paid IN (0, 1)),
              purpose TEXT COLLATE "C" NOT NULL CHECK (purpose = 'purchase' OR purpose = 'renewal'),
              created_at BIGINT NOT NULL,
              total_minor_units BIGINT NOT NULL,
              currency TEXT COLLATE "C" NOT NULL,
              refunded_minor_units BIGINT NOT NULL,
              tier TEXT COLLATE "C",
              subscription_id TEXT COLLATE "C",
              checkout_id TEXT COLLATE "C",
              reference TEXT COLLATE "C",
              PRIMARY KEY (customer, revision, ordinal)
            );

            CREATE TABLE billing_events (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              event_id TEXT COLLATE "C" NOT NULL,
              recorded_at BIGINT NOT NULL,
              PRIMARY KEY (customer, revision, ordinal)
            );

            CREATE INDEX billing_events_event ON billing_events (customer, event_id, recorded_at);

            CREATE TABLE billing_notices (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              ordinal BIGINT NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
              kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'low_balance' OR kind = 'exhausted' OR kind = 'trial_ending' OR kind = 'trial_ended' OR kind = 'inconsistent' OR kind = 'tier_changed' OR kind = 'payment_due'),
              subject_kind TEXT COLLATE "C",
              subject TEXT COLLATE "C",
              other_subject TEXT COLLATE "C",
              threshold_kind TEXT COLLATE "C",
              threshold BIGINT,
              units_left BIGINT,
              days_left BIGINT,
              ends_at BIGINT,
              severity TEXT COLLATE "C",
              message TEXT COLLATE "C",
              at BIGINT NOT NULL,
              state TEXT COLLATE "C" NOT NULL CHECK (state = 'waiting' OR state = 'delivered' OR state = 'dead'),
              attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 4611686018427387903),
              due_at BIGINT,
              PRIMARY KEY (customer, revision, ordinal),
              CHECK ((subject IS NULL) = (subject_kind IS NULL))
            );

            CREATE INDEX billing_notices_due ON billing_notices (due_at) WHERE due_at IS NOT NULL;

            CREATE TABLE billing_references (
              provider TEXT COLLATE "C" NOT NULL,
              kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'customer' OR kind = 'subscription' OR kind = 'order' OR kind = 'checkout' OR kind = 'grant'),
              id TEXT COLLATE "C" NOT NULL,
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              PRIMARY KEY (provider, kind, id)
            );

            CREATE INDEX billing_references_customer ON billing_references (customer, revision, ordinal);

            CREATE TABLE billing_archived (
              customer TEXT COLLATE "C" NOT NULL,
              revision BIGINT NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
              PRIMARY KEY (customer)
            );

            CREATE TABLE billing_deliveries (
              provider TEXT COLLATE "C" NOT NULL,
              id TEXT COLLATE "C" NOT NULL,
              body BYTEA NOT NULL,
              received_at BIGINT NOT NULL,
              state TEXT COLLATE "C" NOT NULL CHECK (state = 'processing' OR state = 'done' OR state = 'ignored' OR state = 'failed' OR state = 'dead'),
              detail TEXT COLLATE "C" NOT NULL,
              attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 4611686018427387903),
              due_at BIGINT,
              PRIMARY KEY (provider, id)
            );

            CREATE INDEX billing_deliveries_due ON billing_deliveries (due_at) WHERE due_at IS NOT NULL;

            CREATE INDEX billing_deliveries_received ON billing_deliveries (received_at, provider, id);

            CREATE TABLE billing_catalogs (
              version BIGINT NOT NULL CHECK (version >= 1),
              content TEXT COLLATE "C" NOT NULL,
              PRIMARY KEY (version)
            );

            CREATE TABLE billing_duties (
              duty TEXT COLLATE "C" NOT NULL,
              holder TEXT COLLATE "C" NOT NULL,
              asked_at BIGINT NOT NULL,
              ends_at BIGINT NOT NULL,
              PRIMARY KEY (duty)
            );

            CREATE TABLE billing_schema (
              version BIGINT NOT NULL CHECK (version >= 1),
              name TEXT COLLATE "C" NOT NULL,
              checksum BIGINT NOT NULL,
              applied_at BIGINT NOT NULL,
              PRIMARY KEY (version)
            )
            """
    )
}
