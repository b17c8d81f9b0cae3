import { type ClusterMetadata, Consumer } from '@platformatic/kafka';
import { type Assignor, LogError, type TopicPartition } from '@sori/stream';
import { clientOptions, closeClient, type KafkaOptions, RETRY_DELAY_MS } from '../connection.ts';
import type { MemberIdentity } from './group-requests.ts';
import { encodeMemberData, type PartitionCounts } from './member-data.ts';
import { toPartitionAssigner } from './partition-assigner.ts';

/** How long members may take to let go and join again before the coordinator goes on without them. */
const REBALANCE_TIMEOUT_MS = 15_000;

/** A request to join is answered within the rebalance timeout; after this on top its broker hangs. */
const JOIN_GRACE_MS = 5_000;

const HEARTBEAT_INTERVAL_MS = 1_000;

/** Past a session without a heartbeat the member is out; the client is given up a little later. */
const STALL_GRACE_MS = 2_000;

/** Tries inside the client, RETRY_DELAY_MS apart; after them the member is built anew. */
const CLIENT_RETRIES = 3;

/**
 * Never by age: each heartbeat would ask for metadata, and fail while any partition of any topic has
 * no leader. Every join reads it anew, and so does the client when it finds it out of date.
 */
const METADATA_MAX_AGE_MS = Number.MAX_SAFE_INTEGER;

const PROTOCOL_VERSION = 1;

export interface GroupClientOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly assignor: Assignor;
  readonly memberName: string;
  readonly sessionTimeoutMs: number;
}

/** What a client tells the member it belongs to; nothing after `close`. */
export interface GroupClientListener {
  /** Before each request to join, which waits for it. `partitions` is what the member then says. */
  joining(partitions: PartitionCounts): Promise<void>;
  joined(identity: MemberIdentity, partitions: readonly TopicPartition[]): void;
  /** The coordinator knows this member now. */
  acknowledged(): void;
  /** The client will not come back by itself. */
  failed(error: unknown): void;
}

export interface GroupTimes {
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
}

export function groupTimes(sessionTimeoutMs: number): GroupTimes {
  return {
    rebalanceTimeoutMs: Math.max(REBALANCE_TIMEOUT_MS, sessionTimeoutMs),
    heartbeatIntervalMs: Math.min(HEARTBEAT_INTERVAL_MS, Math.ceil(sessionTimeoutMs / 3)),
  };
}

/**
 * The client's Consumer as a member of a group in the classic protocol, rebalancing eagerly: it joins,
 * sends heartbeats and joins again when the group changes. It reads nothing and commits nothing.
 */
export class GroupClient {
  readonly #options: KafkaOptions;
  readonly #name: string;
  readonly #listener: GroupClientListener;
  readonly #client: Consumer;
  #rejoinDue = false;
  #closed = false;

  constructor(options: KafkaOptions, given: GroupClientOptions, listener: GroupClientListener) {
    const { rebalanceTimeoutMs, heartbeatIntervalMs } = groupTimes(given.sessionTimeoutMs);
    this.#options = options;
    this.#name = given.memberName;
    this.#listener = listener;
    this.#client = new Consumer({
      ...clientOptions({ ...options, clientId: given.memberName.replaceAll(/\s/g, '-') }),
      groupId: given.group,
      sessionTimeout: given.sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      heartbeatStallTimeout: given.sessionTimeoutMs + STALL_GRACE_MS,
      requestTimeout: rebalanceTimeoutMs + JOIN_GRACE_MS,
      retries: CLIENT_RETRIES,
      retryDelay: RETRY_DELAY_MS,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      autocommit: false,
      protocols: [{ name: given.assignor.name, version: PROTOCOL_VERSION }],
      protocolsMetadata: (_protocols, topics, metadata) => this.#beforeJoin(topics, metadata),
      partitionAssigner: toPartitionAssigner(given.assignor),
    });
    this.#client.topics.trackAll(...given.topics);
    this.#listen();
  }

  /** Undefined before the coordinator has given one, and once it has said that it knows it no more. */
  get memberId(): string | undefined {
    return this.#client.memberId ?? undefined;
  }

  /** Rejects with the client's own error when the tries inside the client are used up. */
  async join(): Promise<void> {
    await this.#client.joinGroup({});
  }

  /** Joins again, with these topics too, after the next heartbeat: none is then on its way. */
  rejoin(topics: readonly string[]): void {
    const { topics: tracked } = this.#client;
    for (const topic of topics) if (!tracked.has(topic)) tracked.track(topic);
    this.#rejoinDue = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Closing alone lets a join that is on its way come to its end: in heartbeats, which fail for ever
    // and keep the process alive. A client that is leaving sends none. Its goodbye may not get
    // through any more; the one that counts is that of GroupRequests.
    this.#client.leaveGroup(true, () => {});
    await closeClient(this.#client, this.#options.logger);
  }

  #listen(): void {
    const client = this.#client;
    client.on('consumer:group:join', ({ memberId, generationId, assignments }) => {
      if (this.#closed || generationId === undefined) return;
      const partitions = (assignments ?? []).flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      this.#listener.joined({ memberId, generation: generationId }, partitions);
    });
    client.on('consumer:group:rebalance', () => this.#acknowledged());
    client.on('consumer:heartbeat:end', () => {
      this.#acknowledged();
      if (!this.#rejoinDue || this.#closed) return;
      this.#rejoinDue = false;
      this.join().catch((error: unknown) => this.#failed(error));
    });
    // A few `consumer:heartbeat:error` are normal in an outage: only the stall ends the member.
    client.on('consumer:heartbeat:stalled', ({ lastError }) => {
      const problem = 'the coordinator has not answered heartbeats for a whole session';
      this.#failed(new LogError('unavailable', problem, { cause: lastError }));
    });
    client.on('error', (error) => this.#failed(error));
  }

  async #beforeJoin(topics: readonly string[], metadata: ClusterMetadata): Promise<Buffer> {
    if (this.#closed) throw new LogError('fenced', 'the member is closed');
    // What it was due for is said now.
    this.#rejoinDue = false;
    const partitions = new Map(
      topics.map((topic) => [topic, metadata.topics.get(topic)?.partitionsCount ?? 0]),
    );
    await this.#listener.joining(partitions);
    if (this.#closed) throw new LogError('fenced', 'the member is closed');
    return encodeMemberData({ name: this.#name, partitions });
  }

  #acknowledged(): void {
    if (!this.#closed) this.#listener.acknowledged();
  }

  #failed(error: unknown): void {
    if (!this.#closed) this.#listener.failed(error);
  }
}
