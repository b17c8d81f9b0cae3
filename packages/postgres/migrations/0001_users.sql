-- Ids are compared by bytes (COLLATE "C"), as JavaScript compares them: the order of a room's
-- members and of a pair must not depend on the server's locale.

CREATE TABLE users (
  id text COLLATE "C" PRIMARY KEY,
  handle text COLLATE "C" NOT NULL,
  display_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);

-- A handle is free again once its account is deleted. Also serves the search by prefix.
CREATE UNIQUE INDEX users_handle ON users (handle) WHERE deleted_at IS NULL;
-- The other half of the search by prefix. The collation is the server's own, so that capitals of
-- every script have small letters whatever locale the database was made with.
CREATE INDEX users_display_name ON users (lower(display_name COLLATE pg_c_utf8) text_pattern_ops)
  WHERE deleted_at IS NULL;
