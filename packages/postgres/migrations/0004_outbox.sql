-- Events that committed with the state they tell of, until the relay has published them.
--
-- Rows of one topic and key get their ids in commit order, because a writer takes the key's lock
-- before the id. Ids of different keys do not: a reader asks for what is unpublished, never for
-- what is above the last id it saw.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  -- Null for records without a key, which have no order.
  key text COLLATE "C",
  event_id text NOT NULL,
  value bytea NOT NULL,
  -- [["ce_id", "…"], …]: names may repeat, and their order is kept.
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  published boolean NOT NULL DEFAULT false,
  -- A row that no try can publish is set aside with the reason, for an operator.
  parked_at timestamptz,
  parked_reason text,
  CHECK ((parked_at IS NULL) = (parked_reason IS NULL))
);

CREATE INDEX outbox_waiting ON outbox (id) WHERE NOT published AND parked_at IS NULL;
CREATE INDEX outbox_published ON outbox (id) WHERE published;
CREATE INDEX outbox_parked ON outbox (id) WHERE parked_at IS NOT NULL;

-- Every row dies soon: without an early vacuum the relay's reads step over more and more of them.
ALTER TABLE outbox SET (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 10000
);
