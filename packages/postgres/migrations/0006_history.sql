-- The history: what the history service made of message.events, in the transactions that moved its
-- positions. A build is the whole of it made once from the log; all but one are being made or are on
-- their way out.
CREATE TABLE history_builds (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  begun_at timestamptz NOT NULL DEFAULT now(),
  -- Its rows are on their way out; it never becomes the active one again.
  replaced boolean NOT NULL DEFAULT false
);

-- The build that is read, and that the history service writes. One row.
CREATE TABLE history_active (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  build integer NOT NULL REFERENCES history_builds
);

WITH first AS (INSERT INTO history_builds DEFAULT VALUES RETURNING id)
INSERT INTO history_active (build) SELECT id FROM first;

CREATE TABLE history_rooms (
  build integer NOT NULL,
  room_id text COLLATE "C" NOT NULL,
  last_seq bigint NOT NULL,
  -- The highest members_version of its messages so far.
  version_reached integer NOT NULL,
  PRIMARY KEY (build, room_id)
);

CREATE TABLE history_messages (
  build integer NOT NULL,
  room_id text COLLATE "C" NOT NULL,
  -- 1, 2, 3, … in each room, in the order of the log.
  seq bigint NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  client_message_id text COLLATE "C" NOT NULL,
  -- Null once the message is deleted; its place stays.
  text text,
  members_version integer NOT NULL,
  -- The highest members_version in the room up to here. It rises with seq, as members_version all
  -- but does (a message may be overtaken on its way to the log): so an index finds the first message
  -- that somebody who joined at a version can have got.
  version_reached integer NOT NULL,
  sent_at timestamptz NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz,
  -- Where in message.events it stands first.
  partition integer NOT NULL,
  log_offset bigint NOT NULL,
  PRIMARY KEY (build, room_id, seq),
  CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
);

-- A room is in one partition, and so are all copies of its messages: they meet here.
CREATE UNIQUE INDEX history_messages_id ON history_messages (build, room_id, message_id);
CREATE INDEX history_messages_version ON history_messages (build, room_id, version_reached, seq);
CREATE INDEX history_messages_place ON history_messages (build, partition, log_offset);

CREATE TABLE history_reactions (
  build integer NOT NULL,
  room_id text COLLATE "C" NOT NULL,
  -- The message's.
  seq bigint NOT NULL,
  emoji text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  -- Of the record that brought it: the order in which they are shown.
  log_offset bigint NOT NULL,
  PRIMARY KEY (build, room_id, seq, emoji, user_id)
);

-- How far each person has read each room; it only rises.
CREATE TABLE history_reads (
  build integer NOT NULL,
  room_id text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (build, room_id, user_id)
);

-- Records that are not in the history, by why. Of the log, not of a build: a rebuild counts nothing.
CREATE TABLE history_passed_over (
  partition integer NOT NULL,
  reason text NOT NULL,
  records bigint NOT NULL,
  PRIMARY KEY (partition, reason)
);

-- How far a build's rows were copied from the active one, partition by partition: what the log does
-- not hold any more can come from nowhere else.
CREATE TABLE history_copies (
  build integer NOT NULL REFERENCES history_builds,
  partition integer NOT NULL,
  -- What was copied holds at least the effects of all records below this offset.
  reflects bigint NOT NULL,
  -- Messages whose records lie below this offset are copied.
  copied bigint NOT NULL,
  PRIMARY KEY (build, partition)
);
