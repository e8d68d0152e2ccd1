ALTER TABLE billing_journal DROP CONSTRAINT billing_journal_effect_check;

ALTER TABLE billing_journal ADD CONSTRAINT billing_journal_effect_check CHECK (effect = 'drawn' OR effect = 'held' OR effect = 'hold_ended' OR effect = 'returned' OR effect = 'granted' OR effect = 'retired' OR effect = 'period_opened' OR effect = 'carried' OR effect = 'expired' OR effect = 'warned' OR effect = 'recovered' OR effect = 'window_opened' OR effect = 'levelled' OR effect = 'opened' OR effect = 'tier_entered' OR effect = 'period_extended' OR effect = 'restored' OR effect = 'resized' OR effect = 'moved' OR effect = 'voided' OR effect = 'hold_extended' OR effect = 'trial_changed' OR effect = 'purchased' OR effect = 'overridden' OR effect = 'subscribed' OR effect = 'upgraded' OR effect = 'ordered' OR effect = 'benefited');

ALTER TABLE billing_notices DROP CONSTRAINT billing_notices_kind_check;

ALTER TABLE billing_notices ADD CONSTRAINT billing_notices_kind_check CHECK (kind = 'low_balance' OR kind = 'exhausted' OR kind = 'trial_ending' OR kind = 'trial_ended' OR kind = 'inconsistent' OR kind = 'tier_changed' OR kind = 'payment_due' OR kind = 'several_subscriptions' OR kind = 'change_dropped');

ALTER TABLE billing_subscriptions ADD COLUMN trial_ends_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN pauses_at_period_end BIGINT NOT NULL CHECK (pauses_at_period_end IN (0, 1)) DEFAULT 0;

ALTER TABLE billing_subscriptions ALTER COLUMN pauses_at_period_end DROP DEFAULT;

ALTER TABLE billing_subscriptions ADD COLUMN resumes_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN quantity BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN discount TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN price_minor_units BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN price_currency TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN pending_tier TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN pending_cycle_count BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN pending_cycle_unit TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN pending_cycle_offset_seconds BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN pending_quantity BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN pending_applies_at BIGINT;

ALTER TABLE billing_subscriptions DROP CONSTRAINT billing_subscriptions_pkey;

ALTER TABLE billing_subscriptions ADD PRIMARY KEY (customer, provider, subscription_id);

ALTER TABLE billing_subscription_losses ADD COLUMN provider TEXT COLLATE "C";

UPDATE billing_subscription_losses AS l SET provider = s.provider FROM billing_subscriptions AS s WHERE s.customer = l.customer AND s.subscription_id = l.subscription_id;

ALTER TABLE billing_subscription_losses ALTER COLUMN provider SET NOT NULL;

ALTER TABLE billing_subscription_losses DROP CONSTRAINT billing_subscription_losses_pkey;

ALTER TABLE billing_subscription_losses ADD PRIMARY KEY (customer, provider, subscription_id, lost_at);

ALTER TABLE billing_journal_subscriptions ADD COLUMN trial_ends_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN pauses_at_period_end BIGINT NOT NULL CHECK (pauses_at_period_end IN (0, 1)) DEFAULT 0;

ALTER TABLE billing_journal_subscriptions ALTER COLUMN pauses_at_period_end DROP DEFAULT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN resumes_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN quantity BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN discount TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN price_minor_units BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN price_currency TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_tier TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_cycle_count BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_cycle_unit TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_cycle_offset_seconds BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_quantity BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN pending_applies_at BIGINT;

CREATE TABLE billing_benefits (
  customer TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  benefit_id TEXT COLLATE "C" NOT NULL,
  version_object_at BIGINT NOT NULL,
  version_event_at BIGINT NOT NULL,
  gift_kind TEXT COLLATE "C" NOT NULL CHECK (gift_kind = 'meter' OR gift_kind = 'pool' OR gift_kind = 'feature'),
  gift TEXT COLLATE "C" NOT NULL,
  gift_units BIGINT,
  rolls_over BIGINT NOT NULL CHECK (rolls_over IN (0, 1)),
  is_granted BIGINT NOT NULL CHECK (is_granted IN (0, 1)),
  subscription_id TEXT COLLATE "C",
  credited_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (customer, provider, benefit_id),
  CHECK ((gift_kind = 'feature') = (gift_units IS NULL))
);

CREATE TABLE billing_journal_benefits (
  customer TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  benefit_id TEXT COLLATE "C" NOT NULL,
  version_object_at BIGINT NOT NULL,
  version_event_at BIGINT NOT NULL,
  gift_kind TEXT COLLATE "C" NOT NULL CHECK (gift_kind = 'meter' OR gift_kind = 'pool' OR gift_kind = 'feature'),
  gift TEXT COLLATE "C" NOT NULL,
  gift_units BIGINT,
  rolls_over BIGINT NOT NULL CHECK (rolls_over IN (0, 1)),
  is_granted BIGINT NOT NULL CHECK (is_granted IN (0, 1)),
  subscription_id TEXT COLLATE "C",
  credited_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (customer, revision, ordinal)
);
