import { GRACE_MS, HEARTBEAT_MS, LEASE_MS } from '@sori/presence';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const KIBIBYTE = 1_024;
const MEBIBYTE = 1_024 * KIBIBYTE;

/** What an edge holds at most, and how long things take. */
export interface EdgeLimits {
  readonly connections: number;
  readonly connectionsPerUser: number;
  /** What the ring holds, frames and indexes together. */
  readonly ringBytes: number;
  readonly ringAgeMs: number;
  /** How far back reading starts: whichever of the two is less. */
  readonly warmUpMs: number;
  readonly warmUpRecords: number;
  /** How many records, of all users, one resume may read from the log below the ring. */
  readonly logReplayRecords: number;
  /** How many resumes may read the log at a time; the next are told to start anew. */
  readonly logReplays: number;
  /** The shortest time between two rounds of writes: frames gather meanwhile. At most 20. */
  readonly writeTickMs: number;
  /** What waits for one connection when what may be dropped is dropped. */
  readonly softBacklogBytes: number;
  /** What waits for one connection when it is closed. */
  readonly hardBacklogBytes: number;
  /** A replay gives its next frames when less than this waits for the connection. */
  readonly replayWindowBytes: number;
  /** How long a connection may take nothing of what waits for it. */
  readonly stallMs: number;
  /** How many connections are ended each second when the edge stops. */
  readonly drainPerSecond: number;
  /** No drain takes longer: then the rate is raised. */
  readonly drainMs: number;
  /** How long a record of user.online_status speaks for a connection. */
  readonly presenceLeaseMs: number;
  /** The longest time between two such records. */
  readonly presenceHeartbeatMs: number;
  /** How long a person whose last connection ended still shows as before. */
  readonly presenceGraceMs: number;
}

export const DEFAULT_LIMITS: EdgeLimits = Object.freeze({
  connections: 20_000,
  connectionsPerUser: 16,
  // At the expected load of notification.events (1.8 MB/s) about a minute; less traffic, five.
  ringBytes: 128 * MEBIBYTE,
  ringAgeMs: 5 * MINUTE_MS,
  warmUpMs: 5 * MINUTE_MS,
  warmUpRecords: 100_000,
  logReplayRecords: 50_000,
  logReplays: 4,
  writeTickMs: 10,
  softBacklogBytes: 256 * KIBIBYTE,
  hardBacklogBytes: MEBIBYTE,
  replayWindowBytes: 64 * KIBIBYTE,
  stallMs: MINUTE_MS,
  drainPerSecond: 500,
  drainMs: 20 * SECOND_MS,
  presenceLeaseMs: LEASE_MS,
  presenceHeartbeatMs: HEARTBEAT_MS,
  presenceGraceMs: GRACE_MS,
});
