import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From a write in the same room to a resume's worst. */
const DELIVERY_SECONDS_BUCKETS = [
  0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60,
];

export type RefusalReason =
  | 'starting'
  | 'draining'
  | 'connections'
  | 'connections-per-user'
  | 'identity-unavailable';

/** Where a resume came from. */
export type ReplayKind = 'ring' | 'log' | 'reset';

/** Why a record of presence was let go: no room, no acknowledgement, or nobody that events can name. */
const UNANNOUNCED_REASONS = ['overloaded', 'undelivered', 'invalid'] as const;
export type UnannouncedReason = (typeof UNANNOUNCED_REASONS)[number];

/** What gauges show when they are asked. */
export interface EdgeState {
  readonly connections: number;
  readonly users: number;
  readonly ring: { readonly records: number; readonly bytes: number; readonly ageMs: number };
  readonly failingPartitions: number;
  readonly lag: ReadonlyMap<number, number>;
}

/** What an edge counts. Called on the hot path: only adds to numbers. */
export class EdgeMetrics {
  readonly #frames: Counter;
  readonly #bytes: Counter;
  readonly #replays: Counter<'source'>;
  readonly #slowClosed: Counter<'reason'>;
  readonly #refused: Counter<'reason'>;
  readonly #undecodable: Counter<'reason'>;
  readonly #announced: Counter;
  readonly #unannounced: Counter<'reason'>;
  readonly #presenceChanges: Counter;
  readonly #delivery: Histogram;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#registry = registry;
    this.#frames = new Counter({
      name: 'sori_edge_frames_total',
      help: 'Frames of the feed, each counted for every connection it went to',
      registers,
    });
    this.#bytes = new Counter({
      name: 'sori_edge_bytes_total',
      help: 'Bytes written to connections',
      registers,
    });
    this.#replays = new Counter({
      name: 'sori_edge_replays_total',
      help: 'Resumes by where they were served from; reset: the client had to start anew',
      labelNames: ['source'],
      registers,
    });
    // A counter that first shows with its first reset has no increase: an alert would miss it.
    for (const source of ['ring', 'log', 'reset'] as const) this.#replays.inc({ source }, 0);
    this.#slowClosed = new Counter({
      name: 'sori_edge_slow_closed_total',
      help: 'Connections closed because their client took too little',
      labelNames: ['reason'],
      registers,
    });
    this.#refused = new Counter({
      name: 'sori_edge_refused_total',
      help: 'Streams that were told to come back later',
      labelNames: ['reason'],
      registers,
    });
    this.#undecodable = new Counter({
      name: 'sori_edge_undecodable_total',
      help: 'Records of the feed that are no notification',
      labelNames: ['reason'],
      registers,
    });
    this.#announced = new Counter({
      name: 'sori_edge_presence_announced_total',
      help: 'Records of presence that the log has taken',
      registers,
    });
    this.#unannounced = new Counter({
      name: 'sori_edge_presence_dropped_total',
      help: 'Records of presence that were let go',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of UNANNOUNCED_REASONS) this.#unannounced.inc({ reason }, 0);
    this.#presenceChanges = new Counter({
      name: 'sori_edge_presence_changes_total',
      help: 'People who came or went, anywhere',
      registers,
    });
    this.#delivery = new Histogram({
      name: 'sori_edge_delivery_seconds',
      help: 'From an event to its write to the connections of this edge, once for each event',
      buckets: DELIVERY_SECONDS_BUCKETS,
      registers,
    });
  }

  framed(): void {
    this.#frames.inc();
  }

  wrote(bytes: number): void {
    this.#bytes.inc(bytes);
  }

  delivered(ms: number): void {
    this.#delivery.observe(ms / 1_000);
  }

  replayed(source: ReplayKind): void {
    this.#replays.inc({ source });
  }

  slowClosed(reason: 'backlog' | 'stalled'): void {
    this.#slowClosed.inc({ reason });
  }

  refused(reason: RefusalReason): void {
    this.#refused.inc({ reason });
  }

  undecodable(reason: string): void {
    this.#undecodable.inc({ reason });
  }

  announced(): void {
    this.#announced.inc();
  }

  unannounced(reason: UnannouncedReason): void {
    this.#unannounced.inc({ reason });
  }

  presenceChanged(people: number): void {
    this.#presenceChanges.inc(people);
  }

  /** Shows what this edge knows of presence whenever metrics are read. */
  observePresence(state: () => { readonly people: number; readonly undecodable: number }): void {
    const help = 'People who are not offline, anywhere';
    this.#gauge('sori_edge_presence_people', help, () => state().people);
    this.#gauge(
      'sori_edge_presence_undecodable_records',
      'Records of user.online_status that are no presence, since the start',
      () => state().undecodable,
    );
  }

  /** Shows the edge's state whenever metrics are read. */
  observe(state: () => EdgeState): void {
    this.#gauge('sori_edge_connections', 'Open streams', () => state().connections);
    this.#gauge('sori_edge_users', 'People with an open stream', () => state().users);
    this.#gauge('sori_edge_ring_records', 'Frames in the ring', () => state().ring.records);
    this.#gauge('sori_edge_ring_bytes', 'Memory of the ring', () => state().ring.bytes);
    this.#gauge(
      'sori_edge_ring_age_seconds',
      'Age of the oldest frame in the ring',
      () => state().ring.ageMs / 1_000,
    );
    this.#gauge(
      'sori_edge_log_failing_partitions',
      'Partitions of the feed that cannot be read now',
      () => state().failingPartitions,
    );
    new Gauge({
      name: 'sori_edge_log_lag_records',
      help: 'Records of the feed that this edge has not read yet',
      labelNames: ['partition'],
      registers: [this.#registry],
      collect() {
        for (const [partition, records] of state().lag) this.set({ partition }, records);
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
