-- Analytics: what the analytics service counted of every topic, in the transactions that moved its
-- positions. A window is `width` seconds long and begins at a multiple of that since the epoch (UTC).
-- Counts are added to with every batch: pages keep room, so that such updates touch no index.
CREATE TABLE analytics_events (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  topic text COLLATE "C" NOT NULL,
  -- An event type of the catalog, or `undecodable:` and why the record is no event of it.
  type text COLLATE "C" NOT NULL,
  records bigint NOT NULL,
  -- Of values.
  bytes bigint NOT NULL,
  PRIMARY KEY (width, starts_at, topic, type)
) WITH (fillfactor = 70);

-- From an event's time to its counting.
CREATE TABLE analytics_latencies (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  topic text COLLATE "C" NOT NULL,
  -- What it means is in latency-buckets.ts, and never changes.
  bucket smallint NOT NULL,
  records bigint NOT NULL,
  PRIMARY KEY (width, starts_at, topic, bucket)
) WITH (fillfactor = 70);

CREATE TABLE analytics_room_messages (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  room_id text COLLATE "C" NOT NULL,
  messages bigint NOT NULL,
  PRIMARY KEY (width, starts_at, room_id)
) WITH (fillfactor = 70);

-- Who did something in a window: kept for as long as the window may be added to, so that everybody
-- counts once. The counts stay.
CREATE TABLE analytics_active_users (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (width, starts_at, user_id)
);

CREATE TABLE analytics_active_counts (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  users bigint NOT NULL,
  PRIMARY KEY (width, starts_at)
) WITH (fillfactor = 70);

CREATE TABLE analytics_dead_letters (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  -- Whose dead letters they are, not where they lie.
  topic text COLLATE "C" NOT NULL,
  -- The error's code.
  reason text COLLATE "C" NOT NULL,
  consumer_group text COLLATE "C" NOT NULL,
  records bigint NOT NULL,
  PRIMARY KEY (width, starts_at, topic, reason, consumer_group)
);

-- Records that are not in the windows of some width, or are where their event's time does not say;
-- by the hour of the record's timestamp.
CREATE TABLE analytics_untimely (
  starts_at timestamptz NOT NULL,
  topic text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  records bigint NOT NULL,
  PRIMARY KEY (starts_at, topic, reason)
);

-- The sessions of user.online_status: each speaks for its person until `until`.
CREATE TABLE analytics_leases (
  user_id text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  said_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (user_id, session_id)
) WITH (fillfactor = 70);

-- How many more people are online at the end of a second than at its beginning. A lease's end is
-- written with its beginning, so some of them lie ahead.
CREATE TABLE analytics_online_changes (
  starts_at timestamptz PRIMARY KEY,
  change bigint NOT NULL
) WITH (fillfactor = 70);

-- What the changes before `rolled_to`, which are deleted, came to. One row.
CREATE TABLE analytics_online_base (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  rolled_to timestamptz NOT NULL,
  online bigint NOT NULL
);

INSERT INTO analytics_online_base (rolled_to, online) VALUES (to_timestamp(0), 0);

-- The most people online at the end of any second of a window that was rolled up; none is 0.
CREATE TABLE analytics_online_peaks (
  width integer NOT NULL,
  starts_at timestamptz NOT NULL,
  peak bigint NOT NULL,
  PRIMARY KEY (width, starts_at)
);
