CREATE TABLE billing_upgrade_acts (
  customer TEXT COLLATE "C" NOT NULL,
  key_kind TEXT COLLATE "C" NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT COLLATE "C" NOT NULL,
  act TEXT COLLATE "C" NOT NULL CHECK (act = 'locked' OR act = 'clicked' OR act = 'cancelled' OR act = 'success_seen'),
  acted_at BIGINT NOT NULL,
  member TEXT COLLATE "C",
  wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT COLLATE "C",
  cycle_count BIGINT,
  cycle_unit TEXT COLLATE "C",
  cycle_offset_seconds BIGINT,
  promo_code TEXT COLLATE "C",
  denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT COLLATE "C",
  denied_tier TEXT COLLATE "C",
  denied_requested BIGINT,
  denied_remaining BIGINT,
  utm_source TEXT COLLATE "C",
  utm_medium TEXT COLLATE "C",
  utm_campaign TEXT COLLATE "C",
  utm_term TEXT COLLATE "C",
  utm_content TEXT COLLATE "C",
  referrer TEXT COLLATE "C",
  landing_page TEXT COLLATE "C",
  expires_at BIGINT,
  abandoned_at BIGINT,
  PRIMARY KEY (customer, key_kind, key_value, act, acted_at)
);

INSERT INTO billing_upgrade_acts (customer, key_kind, key_value, act, acted_at, member, wished_kind, wished, cycle_count, cycle_unit, cycle_offset_seconds) SELECT customer, key_kind, key_value, 'clicked', clicked_at, started_by, 'tier', tier, cycle_count, cycle_unit, cycle_offset_seconds FROM billing_upgrades WHERE clicked_at IS NOT NULL;

CREATE TABLE billing_journal_upgrade_acts (
  customer TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  act TEXT COLLATE "C" NOT NULL CHECK (act = 'locked' OR act = 'clicked' OR act = 'cancelled' OR act = 'success_seen'),
  acted_at BIGINT NOT NULL,
  member TEXT COLLATE "C",
  wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  wished TEXT COLLATE "C",
  cycle_count BIGINT,
  cycle_unit TEXT COLLATE "C",
  cycle_offset_seconds BIGINT,
  promo_code TEXT COLLATE "C",
  denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  denied_meter TEXT COLLATE "C",
  denied_tier TEXT COLLATE "C",
  denied_requested BIGINT,
  denied_remaining BIGINT,
  utm_source TEXT COLLATE "C",
  utm_medium TEXT COLLATE "C",
  utm_campaign TEXT COLLATE "C",
  utm_term TEXT COLLATE "C",
  utm_content TEXT COLLATE "C",
  referrer TEXT COLLATE "C",
  landing_page TEXT COLLATE "C",
  expires_at BIGINT,
  abandoned_at BIGINT,
  PRIMARY KEY (customer, revision, ordinal, act, acted_at)
);

INSERT INTO billing_journal_upgrade_acts (customer, revision, ordinal, act, acted_at, member, wished_kind, wished, cycle_count, cycle_unit, cycle_offset_seconds) SELECT customer, revision, ordinal, 'clicked', clicked_at, started_by, 'tier', tier, cycle_count, cycle_unit, cycle_offset_seconds FROM billing_journal_upgrades WHERE clicked_at IS NOT NULL;

CREATE TABLE billing_upgrade_checkouts (
  customer TEXT COLLATE "C" NOT NULL,
  key_kind TEXT COLLATE "C" NOT NULL CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  key_value TEXT COLLATE "C" NOT NULL,
  checkout_id TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C",
  opened_at BIGINT,
  expires_at BIGINT,
  is_expired BIGINT NOT NULL CHECK (is_expired IN (0, 1)),
  version_object_at BIGINT,
  version_event_at BIGINT,
  target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT COLLATE "C",
  order_provider TEXT COLLATE "C",
  order_id TEXT COLLATE "C",
  paid_at BIGINT,
  paid_kind TEXT COLLATE "C" CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
  paid_target TEXT COLLATE "C",
  is_change BIGINT NOT NULL CHECK (is_change IN (0, 1)),
  paid_reference TEXT COLLATE "C",
  url_object_at BIGINT,
  url_event_at BIGINT,
  expiry_object_at BIGINT,
  expiry_event_at BIGINT,
  began_order_id TEXT COLLATE "C",
  began_at BIGINT,
  began_provider TEXT COLLATE "C",
  began_subscription_id TEXT COLLATE "C",
  runs_until BIGINT,
  PRIMARY KEY (customer, key_kind, key_value, checkout_id)
);

CREATE TABLE billing_journal_upgrade_checkouts (
  customer TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  checkout_id TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C",
  opened_at BIGINT,
  expires_at BIGINT,
  is_expired BIGINT NOT NULL CHECK (is_expired IN (0, 1)),
  version_object_at BIGINT,
  version_event_at BIGINT,
  target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  target TEXT COLLATE "C",
  order_provider TEXT COLLATE "C",
  order_id TEXT COLLATE "C",
  paid_at BIGINT,
  paid_kind TEXT COLLATE "C" CHECK (paid_kind = 'tier' OR paid_kind = 'pack'),
  paid_target TEXT COLLATE "C",
  is_change BIGINT NOT NULL CHECK (is_change IN (0, 1)),
  paid_reference TEXT COLLATE "C",
  url_object_at BIGINT,
  url_event_at BIGINT,
  expiry_object_at BIGINT,
  expiry_event_at BIGINT,
  began_order_id TEXT COLLATE "C",
  began_at BIGINT,
  began_provider TEXT COLLATE "C",
  began_subscription_id TEXT COLLATE "C",
  runs_until BIGINT,
  PRIMARY KEY (customer, revision, ordinal, checkout_id)
);

INSERT INTO billing_upgrade_checkouts (customer, key_kind, key_value, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
SELECT customer, key_kind, key_value, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
FROM billing_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

INSERT INTO billing_journal_upgrade_checkouts (customer, revision, ordinal, checkout_id, url, opened_at, expires_at, is_expired, version_object_at, version_event_at, target_kind, target, order_provider, order_id, paid_at, paid_kind, paid_target, is_change, paid_reference)
SELECT customer, revision, ordinal, coalesce(checkout_id, 'order ' || replace(replace(CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, '%', '%25'), ' ', '%20') || ' ' || order_id), NULL, checkout_at, NULL, CASE WHEN stage = 'expired' THEN 1 ELSE 0 END, checkout_version_object_at, checkout_version_event_at, CASE WHEN checkout_at IS NULL THEN NULL ELSE 'tier' END, CASE WHEN checkout_at IS NULL THEN NULL ELSE tier END, CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, order_id, completed_at, CASE WHEN order_id IS NULL THEN NULL ELSE 'tier' END, CASE WHEN order_id IS NULL THEN NULL ELSE tier END, 0, NULL
FROM billing_journal_upgrades AS u WHERE checkout_id IS NOT NULL OR order_id IS NOT NULL;

ALTER TABLE billing_upgrades
  DROP CONSTRAINT billing_upgrades_key_kind_check,
  DROP CONSTRAINT billing_upgrades_stage_check,
  ADD CONSTRAINT billing_upgrades_key_kind_check CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  ADD CONSTRAINT billing_upgrades_stage_check CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
  ADD COLUMN target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  ADD COLUMN target TEXT COLLATE "C",
  ADD COLUMN order_provider TEXT COLLATE "C",
  ADD COLUMN wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  ADD COLUMN wished TEXT COLLATE "C",
  ADD COLUMN promo_code TEXT COLLATE "C",
  ADD COLUMN wished_at BIGINT,
  ADD COLUMN locked_at BIGINT,
  ADD COLUMN cancelled_at BIGINT,
  ADD COLUMN success_seen_at BIGINT,
  ADD COLUMN started_at BIGINT,
  ADD COLUMN denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  ADD COLUMN denied_meter TEXT COLLATE "C",
  ADD COLUMN denied_tier TEXT COLLATE "C",
  ADD COLUMN denied_requested BIGINT,
  ADD COLUMN denied_remaining BIGINT,
  ADD COLUMN denied_at BIGINT,
  ADD COLUMN utm_source TEXT COLLATE "C",
  ADD COLUMN utm_medium TEXT COLLATE "C",
  ADD COLUMN utm_campaign TEXT COLLATE "C",
  ADD COLUMN utm_term TEXT COLLATE "C",
  ADD COLUMN utm_content TEXT COLLATE "C",
  ADD COLUMN referrer TEXT COLLATE "C",
  ADD COLUMN landing_page TEXT COLLATE "C",
  ADD COLUMN visited_at BIGINT,
  ADD COLUMN abandoned_at BIGINT;

UPDATE billing_upgrades AS u SET target_kind = 'tier', target = tier, order_provider = CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, wished_kind = CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, wished = CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, wished_at = clicked_at, started_at = CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END;

ALTER TABLE billing_upgrades DROP COLUMN tier, DROP COLUMN checkout_id, DROP COLUMN checkout_at, DROP COLUMN checkout_version_object_at, DROP COLUMN checkout_version_event_at;

ALTER TABLE billing_journal_upgrades
  DROP CONSTRAINT billing_journal_upgrades_key_kind_check,
  DROP CONSTRAINT billing_journal_upgrades_stage_check,
  ADD CONSTRAINT billing_journal_upgrades_key_kind_check CHECK (key_kind = 'reference' OR key_kind = 'tier' OR key_kind = 'pack' OR key_kind = 'checkout' OR key_kind = 'tier_again' OR key_kind = 'pack_again'),
  ADD CONSTRAINT billing_journal_upgrades_stage_check CHECK (stage = 'locked' OR stage = 'clicked' OR stage = 'checkout' OR stage = 'cancelled' OR stage = 'expired' OR stage = 'completed'),
  ADD COLUMN target_kind TEXT COLLATE "C" CHECK (target_kind = 'tier' OR target_kind = 'pack'),
  ADD COLUMN target TEXT COLLATE "C",
  ADD COLUMN order_provider TEXT COLLATE "C",
  ADD COLUMN wished_kind TEXT COLLATE "C" CHECK (wished_kind = 'tier' OR wished_kind = 'pack'),
  ADD COLUMN wished TEXT COLLATE "C",
  ADD COLUMN promo_code TEXT COLLATE "C",
  ADD COLUMN wished_at BIGINT,
  ADD COLUMN locked_at BIGINT,
  ADD COLUMN cancelled_at BIGINT,
  ADD COLUMN success_seen_at BIGINT,
  ADD COLUMN started_at BIGINT,
  ADD COLUMN denied_limit TEXT COLLATE "C" CHECK (denied_limit = 'not_included' OR denied_limit = 'allowance' OR denied_limit = 'rate'),
  ADD COLUMN denied_meter TEXT COLLATE "C",
  ADD COLUMN denied_tier TEXT COLLATE "C",
  ADD COLUMN denied_requested BIGINT,
  ADD COLUMN denied_remaining BIGINT,
  ADD COLUMN denied_at BIGINT,
  ADD COLUMN utm_source TEXT COLLATE "C",
  ADD COLUMN utm_medium TEXT COLLATE "C",
  ADD COLUMN utm_campaign TEXT COLLATE "C",
  ADD COLUMN utm_term TEXT COLLATE "C",
  ADD COLUMN utm_content TEXT COLLATE "C",
  ADD COLUMN referrer TEXT COLLATE "C",
  ADD COLUMN landing_page TEXT COLLATE "C",
  ADD COLUMN visited_at BIGINT,
  ADD COLUMN abandoned_at BIGINT;

UPDATE billing_journal_upgrades AS u SET target_kind = 'tier', target = tier, order_provider = CASE WHEN order_id IS NULL THEN NULL ELSE coalesce((SELECT min(o.provider) FROM billing_orders AS o WHERE o.customer = u.customer AND o.order_id = u.order_id), 'unknown') END, wished_kind = CASE WHEN clicked_at IS NULL THEN NULL ELSE 'tier' END, wished = CASE WHEN clicked_at IS NULL THEN NULL ELSE tier END, wished_at = clicked_at, started_at = CASE WHEN started_by IS NULL THEN NULL ELSE clicked_at END;

ALTER TABLE billing_journal_upgrades DROP COLUMN tier, DROP COLUMN checkout_id, DROP COLUMN checkout_at, DROP COLUMN checkout_version_object_at, DROP COLUMN checkout_version_event_at;

ALTER TABLE billing_orders ADD COLUMN pack TEXT COLLATE "C";

ALTER TABLE billing_journal_orders ADD COLUMN pack TEXT COLLATE "C";

ALTER TABLE billing_orders DROP CONSTRAINT billing_orders_purpose_check;

ALTER TABLE billing_orders ADD CONSTRAINT billing_orders_purpose_check CHECK (purpose = 'purchase' OR purpose = 'change' OR purpose = 'renewal');

ALTER TABLE billing_journal_orders DROP CONSTRAINT billing_journal_orders_purpose_check;

ALTER TABLE billing_journal_orders ADD CONSTRAINT billing_journal_orders_purpose_check CHECK (purpose = 'purchase' OR purpose = 'change' OR purpose = 'renewal');

ALTER TABLE billing_journal DROP CONSTRAINT billing_journal_kind_check;

ALTER TABLE billing_journal DROP CONSTRAINT billing_journal_effect_check;

UPDATE billing_journal SET effect = CASE WHEN effect = 'upgraded' AND word = 'clicked' THEN 'upgrade_clicked' WHEN effect = 'upgraded' AND word = 'checkout' THEN 'checkout_opened' WHEN effect = 'upgraded' AND word = 'expired' THEN 'upgrade_expired' WHEN effect = 'upgraded' AND word = 'completed' THEN 'upgrade_completed' ELSE effect END WHERE effect = 'upgraded';

ALTER TABLE billing_journal ADD CONSTRAINT billing_journal_kind_check CHECK (kind = 'consume' OR kind = 'record' OR kind = 'reserve' OR kind = 'capture' OR kind = 'extend' OR kind = 'release' OR kind = 'refund' OR kind = 'correct' OR kind = 'set_level' OR kind = 'raise' OR kind = 'lower' OR kind = 'grant' OR kind = 'void' OR kind = 'start_trial' OR kind = 'override' OR kind = 'settle' OR kind = 'examine' OR kind = 'repair' OR kind = 'start_upgrade' OR kind = 'advance_upgrade' OR kind = 'provider');

ALTER TABLE billing_journal ADD CONSTRAINT billing_journal_effect_check CHECK (effect = 'drawn' OR effect = 'held' OR effect = 'hold_ended' OR effect = 'returned' OR effect = 'granted' OR effect = 'retired' OR effect = 'period_opened' OR effect = 'carried' OR effect = 'expired' OR effect = 'warned' OR effect = 'recovered' OR effect = 'window_opened' OR effect = 'levelled' OR effect = 'opened' OR effect = 'tier_entered' OR effect = 'period_extended' OR effect = 'restored' OR effect = 'resized' OR effect = 'moved' OR effect = 'voided' OR effect = 'hold_extended' OR effect = 'trial_changed' OR effect = 'purchased' OR effect = 'overridden' OR effect = 'subscribed' OR effect = 'ordered' OR effect = 'benefited' OR effect = 'upgrade_started' OR effect = 'upgrade_clicked' OR effect = 'checkout_opened' OR effect = 'upgrade_completed' OR effect = 'upgrade_cancelled' OR effect = 'upgrade_expired' OR effect = 'upgraded' OR effect = 'upgrade_forgotten' OR effect = 'subscription_forgotten' OR effect = 'benefit_forgotten');

ALTER TABLE billing_notices DROP CONSTRAINT billing_notices_kind_check;

ALTER TABLE billing_notices ADD CONSTRAINT billing_notices_kind_check CHECK (kind = 'low_balance' OR kind = 'exhausted' OR kind = 'trial_ending' OR kind = 'trial_ended' OR kind = 'inconsistent' OR kind = 'tier_changed' OR kind = 'payment_due' OR kind = 'several_subscriptions' OR kind = 'change_dropped' OR kind = 'upgrade_abandoned');

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

ALTER TABLE billing_subscriptions ADD COLUMN paid_tier TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN paid_quantity BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_catalog_version BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_before_tier TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN paid_before_quantity BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_before_catalog_version BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN dropped_tier TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN dropped_applies_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_starts_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_ends_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_version_object_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_version_event_at BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_tier TEXT COLLATE "C";

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_quantity BIGINT;

ALTER TABLE billing_subscriptions ADD COLUMN paid_earlier_catalog_version BIGINT;

UPDATE billing_subscriptions SET paid_tier = tier, paid_catalog_version = catalog_version WHERE paid_starts_at IS NOT NULL;

UPDATE billing_subscriptions SET paid_before_tier = tier, paid_before_catalog_version = catalog_version WHERE paid_before_starts_at IS NOT NULL;

ALTER TABLE billing_subscriptions DROP CONSTRAINT billing_subscriptions_pkey;

ALTER TABLE billing_subscriptions ADD PRIMARY KEY (customer, provider, subscription_id);

ALTER TABLE billing_subscription_losses ADD COLUMN provider TEXT COLLATE "C";

UPDATE billing_subscription_losses AS l SET provider = s.provider FROM billing_subscriptions AS s WHERE s.customer = l.customer AND s.subscription_id = l.subscription_id;

ALTER TABLE billing_subscription_losses ALTER COLUMN provider SET NOT NULL;

ALTER TABLE billing_subscription_losses ADD COLUMN kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'lost' OR kind = 'due' OR kind = 'failed' OR kind = 'unknown' OR kind = 'paid' OR kind = 'owed' OR kind = 'paid_change' OR kind = 'owed_change') DEFAULT 'lost';

ALTER TABLE billing_subscription_losses ALTER COLUMN kind DROP DEFAULT;

ALTER TABLE billing_subscription_losses RENAME COLUMN lost_at TO told_at;

ALTER TABLE billing_subscription_losses DROP CONSTRAINT billing_subscription_losses_pkey;

ALTER TABLE billing_subscription_losses ADD PRIMARY KEY (customer, provider, subscription_id, kind, told_at);

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

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_tier TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_quantity BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_catalog_version BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_before_tier TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_before_quantity BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_before_catalog_version BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN dropped_tier TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN dropped_applies_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_starts_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_ends_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_version_object_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_version_event_at BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_tier TEXT COLLATE "C";

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_quantity BIGINT;

ALTER TABLE billing_journal_subscriptions ADD COLUMN paid_earlier_catalog_version BIGINT;

UPDATE billing_journal_subscriptions SET paid_tier = tier, paid_catalog_version = catalog_version WHERE paid_starts_at IS NOT NULL;

UPDATE billing_journal_subscriptions SET paid_before_tier = tier, paid_before_catalog_version = catalog_version WHERE paid_before_starts_at IS NOT NULL;

ALTER TABLE billing_journal_subscription_losses ADD COLUMN kind TEXT COLLATE "C" NOT NULL CHECK (kind = 'lost' OR kind = 'due' OR kind = 'failed' OR kind = 'unknown' OR kind = 'paid' OR kind = 'owed' OR kind = 'paid_change' OR kind = 'owed_change') DEFAULT 'lost';

ALTER TABLE billing_journal_subscription_losses ALTER COLUMN kind DROP DEFAULT;

ALTER TABLE billing_journal_subscription_losses RENAME COLUMN lost_at TO told_at;

ALTER TABLE billing_journal_subscription_losses DROP CONSTRAINT billing_journal_subscription_losses_pkey;

ALTER TABLE billing_journal_subscription_losses ADD PRIMARY KEY (customer, revision, ordinal, kind, told_at);

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
  replaced_at BIGINT,
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
  replaced_at BIGINT,
  PRIMARY KEY (customer, revision, ordinal)
);

DROP INDEX billing_deliveries_due;

CREATE INDEX billing_deliveries_due ON billing_deliveries (provider, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX billing_deliveries_waiting ON billing_deliveries (provider, received_at, id, due_at, state) WHERE due_at IS NOT NULL;

CREATE INDEX billing_deliveries_state ON billing_deliveries (state, received_at, provider, id);

CREATE INDEX billing_notices_waiting ON billing_notices (at, customer, revision, ordinal, due_at) WHERE due_at IS NOT NULL;

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
$$;

CREATE TRIGGER billing_journal_is_not_changed BEFORE UPDATE ON billing_journal FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_holds_is_not_changed BEFORE UPDATE ON billing_journal_holds FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_grants_is_not_changed BEFORE UPDATE ON billing_journal_grants FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_trials_is_not_changed BEFORE UPDATE ON billing_journal_trials FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_overrides_is_not_changed BEFORE UPDATE ON billing_journal_overrides FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_subscriptions_is_not_changed BEFORE UPDATE ON billing_journal_subscriptions FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_subscription_losses_is_not_changed BEFORE UPDATE ON billing_journal_subscription_losses FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_benefits_is_not_changed BEFORE UPDATE ON billing_journal_benefits FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrades_is_not_changed BEFORE UPDATE ON billing_journal_upgrades FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrade_acts_is_not_changed BEFORE UPDATE ON billing_journal_upgrade_acts FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrade_checkouts_is_not_changed BEFORE UPDATE ON billing_journal_upgrade_checkouts FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_orders_is_not_changed BEFORE UPDATE ON billing_journal_orders FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_events_is_not_changed BEFORE UPDATE ON billing_events FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_is_kept BEFORE DELETE ON billing_journal FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_holds_is_kept BEFORE DELETE ON billing_journal_holds FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_grants_is_kept BEFORE DELETE ON billing_journal_grants FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_trials_is_kept BEFORE DELETE ON billing_journal_trials FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_overrides_is_kept BEFORE DELETE ON billing_journal_overrides FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_subscriptions_is_kept BEFORE DELETE ON billing_journal_subscriptions FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_subscription_losses_is_kept BEFORE DELETE ON billing_journal_subscription_losses FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_benefits_is_kept BEFORE DELETE ON billing_journal_benefits FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrades_is_kept BEFORE DELETE ON billing_journal_upgrades FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrade_acts_is_kept BEFORE DELETE ON billing_journal_upgrade_acts FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_upgrade_checkouts_is_kept BEFORE DELETE ON billing_journal_upgrade_checkouts FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();

CREATE TRIGGER billing_journal_orders_is_kept BEFORE DELETE ON billing_journal_orders FOR EACH ROW EXECUTE FUNCTION billing_keep_journal();
