-- One row for two people, whoever asked: two requests that cross meet on the same row.
CREATE TABLE friendships (
  low_id text COLLATE "C" NOT NULL REFERENCES users,
  high_id text COLLATE "C" NOT NULL REFERENCES users,
  state text NOT NULL CHECK (state IN ('requested', 'friends')),
  requester_id text COLLATE "C" NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (low_id, high_id),
  CHECK (low_id < high_id),
  CHECK (requester_id IN (low_id, high_id))
);

CREATE INDEX friendships_high_id ON friendships (high_id);

CREATE TABLE blocks (
  blocker_id text COLLATE "C" NOT NULL REFERENCES users,
  blocked_id text COLLATE "C" NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (blocker_id, blocked_id),
  CHECK (blocker_id <> blocked_id)
);

CREATE INDEX blocks_blocked_id ON blocks (blocked_id);
