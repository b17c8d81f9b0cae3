CREATE TABLE rooms (
  id text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('group', 'direct')),
  name text NOT NULL,
  -- Raised, in the same transaction, by everything that changes who is a member or as what.
  members_version integer NOT NULL CHECK (members_version >= 1),
  archived_at timestamptz,
  -- `low:high` of the two people of a direct room: they have one at most.
  direct_pair text COLLATE "C" UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'direct') = (direct_pair IS NOT NULL))
);

-- Who was a member from which members_version on, and until which (exclusive). Rows are never
-- removed, so the members as of any version can be read again, and come out the same.
CREATE TABLE room_members (
  room_id text COLLATE "C" NOT NULL REFERENCES rooms,
  user_id text COLLATE "C" NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('owner', 'moderator', 'member')),
  muted boolean NOT NULL DEFAULT false,
  from_version integer NOT NULL,
  until_version integer,
  -- Who took the member out; null for one who left, or is still here.
  removed_by text COLLATE "C",
  PRIMARY KEY (room_id, user_id, from_version),
  CHECK (until_version > from_version)
);

CREATE UNIQUE INDEX room_members_current ON room_members (room_id, user_id)
  WHERE until_version IS NULL;
CREATE INDEX room_members_of_user ON room_members (user_id) WHERE until_version IS NULL;
-- Read for every message: who of a room wants no alert are few, and a room may be large.
CREATE INDEX room_members_muted ON room_members (room_id) WHERE muted AND until_version IS NULL;
