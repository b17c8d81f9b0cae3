-- How far each projection has read each partition: moved in the transaction that stores what it read.
CREATE TABLE projection_positions (
  projection text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  -- The next offset to be applied.
  position bigint NOT NULL CHECK (position >= 0),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (projection, topic, partition)
);
