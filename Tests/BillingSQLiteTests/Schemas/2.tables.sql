CREATE TABLE billing_upgrade_acts (
  customer TEXT NOT NULL,
  key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT NOT NULL,
  act TEXT NOT NULL CHECK (act = 'locked' OR act = 'clicked' OR act = 'cancelled' OR act = 'success_seen'),
  acted_at INTEGER NOT NULL,
  member TEXT,
  wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT,
  cycle_count INTEGER,
  cycle_unit TEXT,
  cycle_offset_seconds INTEGER,
  promo_code TEXT,
  denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT,
  denied_tier TEXT,
  denied_requested INTEGER,
  denied_remaining INTEGER,
  utm_source TEXT,
  utm_medium TEXT,
  utm_campaign TEXT,
  utm_term TEXT,
  utm_content TEXT,
  referrer TEXT,
  landing_page TEXT,
  expires_at INTEGER,
  abandoned_at INTEGER,
  PRIMARY KEY (customer, key_kind, key_value, act, acted_at)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_upgrade_acts (customer, key_kind, key_value, act, acted_at, member, wished_kind, wished, cycle_count, cycle_unit, cycle_offset_seconds) SELECT customer, key_kind, key_value, 'clicked', clicked_at, started_by, 'tier', tier, cycle_count, cycle_unit, cycle_offset_seconds FROM billing_upgrades WHERE clicked_at IS NOT NULL;

CREATE TABLE billing_journal_upgrade_acts (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  act TEXT NOT NULL CHECK (act = 'locked' OR act = 'clicked' OR act = 'cancelled' OR act = 'success_seen'),
  acted_at INTEGER NOT NULL,
  member TEXT,
  wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT,
  cycle_count INTEGER,
  cycle_unit TEXT,
  cycle_offset_seconds INTEGER,
  promo_code TEXT,
  denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT,
  denied_tier TEXT,
  denied_requested INTEGER,
  denied_remaining INTEGER,
  utm_source TEXT,
  utm_medium TEXT,
  utm_campaign TEXT,
  utm_term TEXT,
  utm_content TEXT,
  referrer TEXT,
  landing_page TEXT,
  expires_at INTEGER,
  abandoned_at INTEGER,
  PRIMARY KEY (customer, revision, ordinal, act, acted_at)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_journal_upgrade_acts (customer, revision, ordinal, act, acted_at, member, wished_kind, wished, cycle_count, cycle_unit, cycle_offset_seconds) SELECT customer, revision, ordinal, 'clicked', clicked_at, started_by, 'tier', tier, cycle_count, cycle_unit, cycle_offset_seconds FROM billing_journal_upgrades WHERE clicked_at IS NOT NULL;

CREATE TABLE billing_upgrade_checkouts (
  customer TEXT NOT NULL,
  key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT NOT NULL,
  checkout_id TEXT NOT NULL,
  url TEXT,
  opened_at INTEGER,
  expires_at INTEGER,
  is_expired INTEGER NOT NULL CHECK (is_expired IN (0, 1)),
  version_object_at INTEGER,
  version_event_at INTEGER,
  target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT,
  order_provider TEXT,
  order_id TEXT,
  paid_at INTEGER,
  paid_kind TEXT CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
  paid_target TEXT,
  is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
  paid_reference TEXT,
  url_object_at INTEGER,
  url_event_at INTEGER,
  expiry_object_at INTEGER,
  expiry_event_at INTEGER,
  began_order_id TEXT,
  began_at INTEGER,
  began_provider TEXT,
  began_subscription_id TEXT,
  runs_until INTEGER,
  PRIMARY KEY (customer, key_kind, key_value, checkout_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_journal_upgrade_checkouts (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  checkout_id TEXT NOT NULL,
  url TEXT,
  opened_at INTEGER,
  expires_at INTEGER,
  is_expired INTEGER NOT NULL CHECK (is_expired IN (0, 1)),
  version_object_at INTEGER,
  version_event_at INTEGER,
  target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT,
  order_provider TEXT,
  order_id TEXT,
  paid_at INTEGER,
  paid_kind TEXT CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
  paid_target TEXT,
  is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
  paid_reference TEXT,
  url_object_at INTEGER,
  url_event_at INTEGER,
  expiry_object_at INTEGER,
  expiry_event_at INTEGER,
  began_order_id TEXT,
  began_at INTEGER,
  began_provider TEXT,
  began_subscription_id TEXT,
  runs_until INTEGER,
  PRIMARY KEY (customer, revision, ordinal, checkout_id)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_upgrade_checkouts (customer, key_kind, key_value, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
SELECT customer, key_kind, key_value, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
FROM billing_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

INSERT INTO billing_journal_upgrade_checkouts (customer, revision, ordinal, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
SELECT customer, revision, ordinal, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
FROM billing_journal_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

CREATE TABLE new_billing_upgrades (
  customer TEXT NOT NULL,
  key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
  target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT,
  order_provider TEXT,
  order_id TEXT,
  completed_at INTEGER,
  wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT,
  cycle_count INTEGER,
  cycle_unit TEXT,
  cycle_offset_seconds INTEGER,
  promo_code TEXT,
  wished_at INTEGER,
  locked_at INTEGER,
  clicked_at INTEGER,
  cancelled_at INTEGER,
  success_seen_at INTEGER,
  started_by TEXT,
  started_at INTEGER,
  denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT,
  denied_tier TEXT,
  denied_requested INTEGER,
  denied_remaining INTEGER,
  denied_at INTEGER,
  utm_source TEXT,
  utm_medium TEXT,
  utm_campaign TEXT,
  utm_term TEXT,
  utm_content TEXT,
  referrer TEXT,
  landing_page TEXT,
  visited_at INTEGER,
  abandoned_at INTEGER,
  PRIMARY KEY (customer, key_kind, key_value)
) STRICT, WITHOUT ROWID;

INSERT INTO new_billing_upgrades
SELECT customer, key_kind, key_value, stage, 'tier', tier, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, cycle_count, cycle_unit, cycle_offset_seconds, NULL, clicked_at, NULL, clicked_at, NULL, NULL, started_by, CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM billing_upgrades AS u;

DROP TABLE billing_upgrades;

ALTER TABLE new_billing_upgrades RENAME TO billing_upgrades;

CREATE TABLE new_billing_journal_upgrades (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  key_kind TEXT NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
  target_kind TEXT CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT,
  order_provider TEXT,
  order_id TEXT,
  completed_at INTEGER,
  wished_kind TEXT CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT,
  cycle_count INTEGER,
  cycle_unit TEXT,
  cycle_offset_seconds INTEGER,
  promo_code TEXT,
  wished_at INTEGER,
  locked_at INTEGER,
  clicked_at INTEGER,
  cancelled_at INTEGER,
  success_seen_at INTEGER,
  started_by TEXT,
  started_at INTEGER,
  denied_limit TEXT CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT,
  denied_tier TEXT,
  denied_requested INTEGER,
  denied_remaining INTEGER,
  denied_at INTEGER,
  utm_source TEXT,
  utm_medium TEXT,
  utm_campaign TEXT,
  utm_term TEXT,
  utm_content TEXT,
  referrer TEXT,
  landing_page TEXT,
  visited_at INTEGER,
  abandoned_at INTEGER,
  PRIMARY KEY (customer, revision, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO new_billing_journal_upgrades
SELECT customer, revision, ordinal, key_kind, key_value, stage, 'tier', tier, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, cycle_count, cycle_unit, cycle_offset_seconds, NULL, clicked_at, NULL, clicked_at, NULL, NULL, started_by, CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM billing_journal_upgrades AS u;

DROP TABLE billing_journal_upgrades;

ALTER TABLE new_billing_journal_upgrades RENAME TO billing_journal_upgrades;

CREATE TABLE new_billing_journal (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
  ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
  kind TEXT NOT NULL CHECK (kind = 'consume' OR kind = 'record' OR kind = 'reserve' OR kind = 'capture' OR kind = 'extend' OR kind = 'release' OR kind = 'refund' OR kind = 'correct' OR kind = 'set_level' OR kind = 'raise' OR kind = 'lower' OR kind = 'grant' OR kind = 'void' OR kind = 'start_trial' OR kind = 'override' OR kind = 'settle' OR kind = 'examine' OR kind = 'repair' OR kind = 'start_upgrade' OR kind = 'advance_upgrade' OR kind = 'provider'),
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
  effect TEXT CHECK (effect = 'drawn' OR effect = 'held' OR effect = 'hold_ended' OR effect = 'returned' OR effect = 'granted' OR effect = 'retired' OR effect = 'period_opened' OR effect = 'carried' OR effect = 'expired' OR effect = 'warned' OR effect = 'recovered' OR effect = 'window_opened' OR effect = 'levelled' OR effect = 'opened' OR effect = 'tier_entered' OR effect = 'period_extended' OR effect = 'restored' OR effect = 'resized' OR effect = 'moved' OR effect = 'voided' OR effect = 'hold_extended' OR effect = 'trial_changed' OR effect = 'purchased' OR effect = 'overridden' OR effect = 'subscribed' OR effect = 'ordered' OR effect = 'benefited' OR effect = 'upgrade_started' OR effect = 'upgrade_clicked' OR effect = 'checkout_opened' OR effect = 'upgrade_completed' OR effect = 'upgrade_cancelled' OR effect = 'upgrade_expired' OR effect = 'upgraded' OR effect = 'upgrade_forgotten' OR effect = 'subscription_forgotten' OR effect = 'benefit_forgotten'),
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

INSERT INTO new_billing_journal (customer, revision, ordinal, kind, key, fingerprint, member, recorded_at, effective_at, reason, receipt_subject_kind, receipt_subject, receipt_amount, receipt_overage, receipt_is_late, receipt_skipped, receipt_remaining, effect, meter, pool, grant_id, other_grant_id, hold_id, amount, other_amount, starts_at, ends_at, used_at, word, of_revision) SELECT customer, revision, ordinal, kind, key, fingerprint, member, recorded_at, effective_at, reason, receipt_subject_kind, receipt_subject, receipt_amount, receipt_overage, receipt_is_late, receipt_skipped, receipt_remaining, CASE WHEN effect = 'upgraded' AND word = 'clicked' THEN 'upgrade_clicked' WHEN effect = 'upgraded' AND word = 'checkout' THEN 'checkout_opened' WHEN effect = 'upgraded' AND word = 'expired' THEN 'upgrade_expired' WHEN effect = 'upgraded' AND word = 'completed' THEN 'upgrade_completed' ELSE effect END, meter, pool, grant_id, other_grant_id, hold_id, amount, other_amount, starts_at, ends_at, used_at, word, of_revision FROM billing_journal ORDER BY rowid;

DROP TABLE billing_journal;

ALTER TABLE new_billing_journal RENAME TO billing_journal;

CREATE UNIQUE INDEX billing_journal_key ON billing_journal (customer, key) WHERE key IS NOT NULL;

CREATE INDEX billing_journal_ahead ON billing_journal (customer, used_at) WHERE used_at > recorded_at;

CREATE INDEX billing_journal_returns ON billing_journal (customer, of_revision, revision, ordinal, meter, pool, grant_id, word, amount, used_at) WHERE of_revision IS NOT NULL;

CREATE TABLE new_billing_orders (
  customer TEXT NOT NULL,
  provider TEXT NOT NULL,
  order_id TEXT NOT NULL,
  version_object_at INTEGER NOT NULL,
  version_event_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  is_paid INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
  purpose TEXT NOT NULL CHECK (purpose = 'purchase' OR purpose = 'change' OR purpose = 'renewal'),
  created_at INTEGER NOT NULL,
  total_minor_units INTEGER NOT NULL,
  currency TEXT NOT NULL,
  refunded_minor_units INTEGER NOT NULL,
  tier TEXT,
  subscription_id TEXT,
  checkout_id TEXT,
  reference TEXT,
  pack TEXT,
  PRIMARY KEY (customer, provider, order_id)
) STRICT, WITHOUT ROWID;

INSERT INTO new_billing_orders (customer, provider, order_id, version_object_at, version_event_at, status, is_paid, purpose, created_at, total_minor_units, currency, refunded_minor_units, tier, subscription_id, checkout_id, reference, pack) SELECT customer, provider, order_id, version_object_at, version_event_at, status, is_paid, purpose, created_at, total_minor_units, currency, refunded_minor_units, tier, subscription_id, checkout_id, reference, NULL FROM billing_orders ORDER BY customer, provider, order_id;

DROP TABLE billing_orders;

ALTER TABLE new_billing_orders RENAME TO billing_orders;

CREATE TABLE new_billing_journal_orders (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  provider TEXT NOT NULL,
  order_id TEXT NOT NULL,
  version_object_at INTEGER NOT NULL,
  version_event_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  is_paid INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
  purpose TEXT NOT NULL CHECK (purpose = 'purchase' OR purpose = 'change' OR purpose = 'renewal'),
  created_at INTEGER NOT NULL,
  total_minor_units INTEGER NOT NULL,
  currency TEXT NOT NULL,
  refunded_minor_units INTEGER NOT NULL,
  tier TEXT,
  subscription_id TEXT,
  checkout_id TEXT,
  reference TEXT,
  pack TEXT,
  PRIMARY KEY (customer, revision, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO new_billing_journal_orders (customer, revision, ordinal, provider, order_id, version_object_at, version_event_at, status, is_paid, purpose, created_at, total_minor_units, currency, refunded_minor_units, tier, subscription_id, checkout_id, reference, pack) SELECT customer, revision, ordinal, provider, order_id, version_object_at, version_event_at, status, is_paid, purpose, created_at, total_minor_units, currency, refunded_minor_units, tier, subscription_id, checkout_id, reference, NULL FROM billing_journal_orders ORDER BY customer, revision, ordinal;

DROP TABLE billing_journal_orders;

ALTER TABLE new_billing_journal_orders RENAME TO billing_journal_orders;

DROP INDEX IF EXISTS billing_notices_due;

DROP INDEX IF EXISTS billing_notices_waiting;

ALTER TABLE billing_notices RENAME TO billing_notices_before;

CREATE TABLE billing_notices (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 4611686018427387903),
  ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 0 AND 4611686018427387903),
  kind TEXT NOT NULL CHECK (kind = 'low_balance' OR kind = 'exhausted' OR kind = 'trial_ending' OR kind = 'trial_ended' OR kind = 'inconsistent' OR kind = 'tier_changed' OR kind = 'payment_due' OR kind = 'several_subscriptions' OR kind = 'change_dropped' OR kind = 'upgrade_abandoned'),
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

INSERT INTO billing_notices (customer, revision, ordinal, kind, subject_kind, subject, other_subject, threshold_kind, threshold, units_left, days_left, ends_at, severity, message, at, state, attempts, due_at) SELECT customer, revision, ordinal, kind, subject_kind, subject, other_subject, threshold_kind, threshold, units_left, days_left, ends_at, severity, message, at, state, attempts, due_at FROM billing_notices_before AS b;

DROP TABLE billing_notices_before;

CREATE INDEX billing_notices_due ON billing_notices (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX billing_notices_waiting ON billing_notices (at, customer, revision, ordinal, due_at) WHERE due_at IS NOT NULL;

ALTER TABLE billing_subscriptions RENAME TO billing_subscriptions_before;

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
  trial_ends_at INTEGER,
  pauses_at_period_end INTEGER NOT NULL CHECK (pauses_at_period_end IN (0, 1)),
  resumes_at INTEGER,
  quantity INTEGER,
  discount TEXT,
  price_minor_units INTEGER,
  price_currency TEXT,
  pending_tier TEXT,
  pending_cycle_count INTEGER,
  pending_cycle_unit TEXT,
  pending_cycle_offset_seconds INTEGER,
  pending_quantity INTEGER,
  pending_applies_at INTEGER,
  paid_tier TEXT,
  paid_quantity INTEGER,
  paid_catalog_version INTEGER,
  paid_before_tier TEXT,
  paid_before_quantity INTEGER,
  paid_before_catalog_version INTEGER,
  dropped_tier TEXT,
  dropped_applies_at INTEGER,
  paid_earlier_starts_at INTEGER,
  paid_earlier_ends_at INTEGER,
  paid_earlier_version_object_at INTEGER,
  paid_earlier_version_event_at INTEGER,
  paid_earlier_tier TEXT,
  paid_earlier_quantity INTEGER,
  paid_earlier_catalog_version INTEGER,
  PRIMARY KEY (customer, provider, subscription_id)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_subscriptions (customer, subscription_id, provider, version_object_at, version_event_at, tier, status, cycle_count, cycle_unit, cycle_offset_seconds, starts_at, ends_at, cancels_at_period_end, access_ends_at, ended_at, past_due_at, paid_starts_at, paid_ends_at, paid_version_object_at, paid_version_event_at, paid_before_starts_at, paid_before_ends_at, paid_before_version_object_at, paid_before_version_event_at, catalog_version, trial_ends_at, pauses_at_period_end, resumes_at, quantity, discount, price_minor_units, price_currency, pending_tier, pending_cycle_count, pending_cycle_unit, pending_cycle_offset_seconds, pending_quantity, pending_applies_at, paid_tier, paid_quantity, paid_catalog_version, paid_before_tier, paid_before_quantity, paid_before_catalog_version, dropped_tier, dropped_applies_at, paid_earlier_starts_at, paid_earlier_ends_at, paid_earlier_version_object_at, paid_earlier_version_event_at, paid_earlier_tier, paid_earlier_quantity, paid_earlier_catalog_version) SELECT customer, subscription_id, provider, version_object_at, version_event_at, tier, status, cycle_count, cycle_unit, cycle_offset_seconds, starts_at, ends_at, cancels_at_period_end, access_ends_at, ended_at, past_due_at, paid_starts_at, paid_ends_at, paid_version_object_at, paid_version_event_at, paid_before_starts_at, paid_before_ends_at, paid_before_version_object_at, paid_before_version_event_at, catalog_version, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, CASE WHEN paid_starts_at IS NOT NULL THEN tier END, NULL, CASE WHEN paid_starts_at IS NOT NULL THEN catalog_version END, CASE WHEN paid_before_starts_at IS NOT NULL THEN tier END, NULL, CASE WHEN paid_before_starts_at IS NOT NULL THEN catalog_version END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM billing_subscriptions_before AS b;

DROP TABLE billing_subscriptions_before;

ALTER TABLE billing_subscription_losses RENAME TO billing_subscription_losses_before;

CREATE TABLE billing_subscription_losses (
  customer TEXT NOT NULL,
  provider TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'lost' OR kind = 'due' OR kind = 'failed' OR kind = 'unknown' OR kind = 'paid' OR kind = 'owed' OR kind = 'paid_change' OR kind = 'owed_change'),
  told_at INTEGER NOT NULL,
  PRIMARY KEY (customer, provider, subscription_id, kind, told_at)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_subscription_losses (customer, provider, subscription_id, kind, told_at) SELECT customer, (SELECT s.provider FROM billing_subscriptions AS s WHERE s.customer = b.customer AND s.subscription_id = b.subscription_id), subscription_id, 'lost', lost_at FROM billing_subscription_losses_before AS b;

DROP TABLE billing_subscription_losses_before;

ALTER TABLE billing_journal_subscriptions RENAME TO billing_journal_subscriptions_before;

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
  trial_ends_at INTEGER,
  pauses_at_period_end INTEGER NOT NULL CHECK (pauses_at_period_end IN (0, 1)),
  resumes_at INTEGER,
  quantity INTEGER,
  discount TEXT,
  price_minor_units INTEGER,
  price_currency TEXT,
  pending_tier TEXT,
  pending_cycle_count INTEGER,
  pending_cycle_unit TEXT,
  pending_cycle_offset_seconds INTEGER,
  pending_quantity INTEGER,
  pending_applies_at INTEGER,
  paid_tier TEXT,
  paid_quantity INTEGER,
  paid_catalog_version INTEGER,
  paid_before_tier TEXT,
  paid_before_quantity INTEGER,
  paid_before_catalog_version INTEGER,
  dropped_tier TEXT,
  dropped_applies_at INTEGER,
  paid_earlier_starts_at INTEGER,
  paid_earlier_ends_at INTEGER,
  paid_earlier_version_object_at INTEGER,
  paid_earlier_version_event_at INTEGER,
  paid_earlier_tier TEXT,
  paid_earlier_quantity INTEGER,
  paid_earlier_catalog_version INTEGER,
  PRIMARY KEY (customer, revision, ordinal)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_journal_subscriptions (customer, revision, ordinal, subscription_id, provider, version_object_at, version_event_at, tier, status, cycle_count, cycle_unit, cycle_offset_seconds, starts_at, ends_at, cancels_at_period_end, access_ends_at, ended_at, past_due_at, paid_starts_at, paid_ends_at, paid_version_object_at, paid_version_event_at, paid_before_starts_at, paid_before_ends_at, paid_before_version_object_at, paid_before_version_event_at, catalog_version, trial_ends_at, pauses_at_period_end, resumes_at, quantity, discount, price_minor_units, price_currency, pending_tier, pending_cycle_count, pending_cycle_unit, pending_cycle_offset_seconds, pending_quantity, pending_applies_at, paid_tier, paid_quantity, paid_catalog_version, paid_before_tier, paid_before_quantity, paid_before_catalog_version, dropped_tier, dropped_applies_at, paid_earlier_starts_at, paid_earlier_ends_at, paid_earlier_version_object_at, paid_earlier_version_event_at, paid_earlier_tier, paid_earlier_quantity, paid_earlier_catalog_version) SELECT customer, revision, ordinal, subscription_id, provider, version_object_at, version_event_at, tier, status, cycle_count, cycle_unit, cycle_offset_seconds, starts_at, ends_at, cancels_at_period_end, access_ends_at, ended_at, past_due_at, paid_starts_at, paid_ends_at, paid_version_object_at, paid_version_event_at, paid_before_starts_at, paid_before_ends_at, paid_before_version_object_at, paid_before_version_event_at, catalog_version, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, CASE WHEN paid_starts_at IS NOT NULL THEN tier END, NULL, CASE WHEN paid_starts_at IS NOT NULL THEN catalog_version END, CASE WHEN paid_before_starts_at IS NOT NULL THEN tier END, NULL, CASE WHEN paid_before_starts_at IS NOT NULL THEN catalog_version END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM billing_journal_subscriptions_before AS b;

DROP TABLE billing_journal_subscriptions_before;

ALTER TABLE billing_journal_subscription_losses RENAME TO billing_journal_subscription_losses_before;

CREATE TABLE billing_journal_subscription_losses (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'lost' OR kind = 'due' OR kind = 'failed' OR kind = 'unknown' OR kind = 'paid' OR kind = 'owed' OR kind = 'paid_change' OR kind = 'owed_change'),
  told_at INTEGER NOT NULL,
  PRIMARY KEY (customer, revision, ordinal, kind, told_at)
) STRICT, WITHOUT ROWID;

INSERT INTO billing_journal_subscription_losses (customer, revision, ordinal, kind, told_at) SELECT customer, revision, ordinal, 'lost', lost_at FROM billing_journal_subscription_losses_before AS b;

DROP TABLE billing_journal_subscription_losses_before;

CREATE TABLE billing_benefits (
  customer TEXT NOT NULL,
  provider TEXT NOT NULL,
  benefit_id TEXT NOT NULL,
  version_object_at INTEGER NOT NULL,
  version_event_at INTEGER NOT NULL,
  gift_kind TEXT NOT NULL CHECK (gift_kind = 'meter' OR gift_kind = 'pool' OR gift_kind = 'feature'),
  gift TEXT NOT NULL,
  gift_units INTEGER,
  rolls_over INTEGER NOT NULL CHECK (rolls_over IN (0, 1)),
  is_granted INTEGER NOT NULL CHECK (is_granted IN (0, 1)),
  subscription_id TEXT,
  credited_at INTEGER,
  revoked_at INTEGER,
  replaced_at INTEGER,
  PRIMARY KEY (customer, provider, benefit_id),
  CHECK ((gift_kind = 'feature') = (gift_units IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_journal_benefits (
  customer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  provider TEXT NOT NULL,
  benefit_id TEXT NOT NULL,
  version_object_at INTEGER NOT NULL,
  version_event_at INTEGER NOT NULL,
  gift_kind TEXT NOT NULL CHECK (gift_kind = 'meter' OR gift_kind = 'pool' OR gift_kind = 'feature'),
  gift TEXT NOT NULL,
  gift_units INTEGER,
  rolls_over INTEGER NOT NULL CHECK (rolls_over IN (0, 1)),
  is_granted INTEGER NOT NULL CHECK (is_granted IN (0, 1)),
  subscription_id TEXT,
  credited_at INTEGER,
  revoked_at INTEGER,
  replaced_at INTEGER,
  PRIMARY KEY (customer, revision, ordinal)
) STRICT, WITHOUT ROWID;

DROP INDEX billing_deliveries_due;

CREATE INDEX billing_deliveries_due ON billing_deliveries (provider, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX billing_deliveries_waiting ON billing_deliveries (provider, received_at, id, due_at, state) WHERE due_at IS NOT NULL;

CREATE INDEX billing_deliveries_state ON billing_deliveries (state, received_at, provider, id);

CREATE TRIGGER billing_journal_is_not_changed BEFORE UPDATE ON billing_journal
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal'' are never changed.');
END;

CREATE TRIGGER billing_journal_holds_is_not_changed BEFORE UPDATE ON billing_journal_holds
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_holds'' are never changed.');
END;

CREATE TRIGGER billing_journal_grants_is_not_changed BEFORE UPDATE ON billing_journal_grants
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_grants'' are never changed.');
END;

CREATE TRIGGER billing_journal_trials_is_not_changed BEFORE UPDATE ON billing_journal_trials
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_trials'' are never changed.');
END;

CREATE TRIGGER billing_journal_overrides_is_not_changed BEFORE UPDATE ON billing_journal_overrides
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_overrides'' are never changed.');
END;

CREATE TRIGGER billing_journal_subscriptions_is_not_changed BEFORE UPDATE ON billing_journal_subscriptions
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_subscriptions'' are never changed.');
END;

CREATE TRIGGER billing_journal_subscription_losses_is_not_changed BEFORE UPDATE ON billing_journal_subscription_losses
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_subscription_losses'' are never changed.');
END;

CREATE TRIGGER billing_journal_benefits_is_not_changed BEFORE UPDATE ON billing_journal_benefits
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_benefits'' are never changed.');
END;

CREATE TRIGGER billing_journal_upgrades_is_not_changed BEFORE UPDATE ON billing_journal_upgrades
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_upgrades'' are never changed.');
END;

CREATE TRIGGER billing_journal_upgrade_acts_is_not_changed BEFORE UPDATE ON billing_journal_upgrade_acts
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_upgrade_acts'' are never changed.');
END;

CREATE TRIGGER billing_journal_upgrade_checkouts_is_not_changed BEFORE UPDATE ON billing_journal_upgrade_checkouts
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_upgrade_checkouts'' are never changed.');
END;

CREATE TRIGGER billing_journal_orders_is_not_changed BEFORE UPDATE ON billing_journal_orders
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_journal_orders'' are never changed.');
END;

CREATE TRIGGER billing_events_is_not_changed BEFORE UPDATE ON billing_events
BEGIN
  SELECT RAISE(ABORT, 'The rows of ''billing_events'' are never changed.');
END;

CREATE TRIGGER billing_journal_is_kept BEFORE DELETE ON billing_journal
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_holds_is_kept BEFORE DELETE ON billing_journal_holds
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_holds'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_grants_is_kept BEFORE DELETE ON billing_journal_grants
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_grants'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_trials_is_kept BEFORE DELETE ON billing_journal_trials
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_trials'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_overrides_is_kept BEFORE DELETE ON billing_journal_overrides
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_overrides'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_subscriptions_is_kept BEFORE DELETE ON billing_journal_subscriptions
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_subscriptions'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_subscription_losses_is_kept BEFORE DELETE ON billing_journal_subscription_losses
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_subscription_losses'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_benefits_is_kept BEFORE DELETE ON billing_journal_benefits
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_benefits'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_upgrades_is_kept BEFORE DELETE ON billing_journal_upgrades
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_upgrades'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_upgrade_acts_is_kept BEFORE DELETE ON billing_journal_upgrade_acts
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_upgrade_acts'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_upgrade_checkouts_is_kept BEFORE DELETE ON billing_journal_upgrade_checkouts
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_upgrade_checkouts'' has not been archived, so it stays.');
END;

CREATE TRIGGER billing_journal_orders_is_kept BEFORE DELETE ON billing_journal_orders
WHEN NOT EXISTS (SELECT 1 FROM billing_archived WHERE customer = OLD.customer AND revision >= OLD.revision)
BEGIN
  SELECT RAISE(ABORT, 'A row of ''billing_journal_orders'' has not been archived, so it stays.');
END;
