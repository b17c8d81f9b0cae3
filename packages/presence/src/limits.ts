/** How long a record speaks for its session, in milliseconds: two heartbeats may be lost. */
export const LEASE_MS = 75_000;

/** How often an edge renews a lease, in milliseconds. */
export const HEARTBEAT_MS = 30_000;

/**
 * How long a person whose last session ended still counts as before, in milliseconds: longer than a
 * client that an edge sent away waits before it comes back (5 s), so that moving is not seen.
 */
export const GRACE_MS = 8_000;
