import {
  type Connection,
  Consumer,
  heartbeatV4,
  leaveGroupV4,
  offsetCommitV8,
} from '@platformatic/kafka';
import { LogError, type TopicPartition, type TopicPartitionOffset } from '@sori/stream';
import { toOffset } from '../cluster-view.ts';
import {
  clientOptions,
  closeClient,
  type KafkaOptions,
  RETRY_DELAY_MS,
  rotate,
} from '../connection.ts';
import { hasApiId, toLogError } from '../errors.ts';

/** Whom a request speaks for. */
export interface MemberIdentity {
  readonly memberId: string;
  readonly generation: number;
}

/** A coordinator that is fine answers in milliseconds; a hung one must not hold up a drain. */
const REQUEST_TIMEOUT_MS = 3_000;

const CLIENT_RETRIES = 2;

/** The coordinator knows the member, and wants it to join again. */
const REBALANCING: ReadonlySet<string> = new Set(['REBALANCE_IN_PROGRESS']);

const UNKNOWN_MEMBER: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID']);

/** What OffsetCommit takes for a leader epoch that is not known. */
const NO_LEADER_EPOCH = -1;

/**
 * Requests to a group's coordinator, each asked once, in the name of exactly the member and generation
 * it is given: the coordinator refuses it (`fenced`) when these are no longer of the group.
 *
 * The client's own commit is not used: when it is refused it joins the group again from inside and
 * sends the same offsets under the new generation, for partitions that may be another member's by
 * then. The versions used here are in every broker from 2.4 on. Over a connection of its own,
 * because a broker answers nothing on one where a request to join waits.
 */
export class GroupRequests implements AsyncDisposable {
  readonly #options: KafkaOptions;
  readonly #group: string;
  readonly #closing = new Set<Promise<void>>();
  #client: Consumer | undefined;
  #connected = 0;
  #disposed = false;

  constructor(options: KafkaOptions, group: string) {
    this.#options = options;
    this.#group = group;
  }

  async commit(
    { memberId, generation }: MemberIdentity,
    offsets: readonly TopicPartitionOffset[],
  ): Promise<void> {
    const topics = Map.groupBy(offsets, ({ topic }) => topic);
    const request = Array.from(topics, ([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: NO_LEADER_EPOCH,
        committedMetadata: null,
      })),
    }));
    await this.#ask('committing offsets', (connection) =>
      offsetCommitV8.api.async(connection, this.#group, generation, memberId, null, request),
    );
  }

  /** Resolves also when the coordinator is rebalancing: it has counted the heartbeat. */
  async heartbeat({ memberId, generation }: MemberIdentity): Promise<void> {
    await this.#ask('sending a heartbeat', (connection) =>
      heartbeatV4.api
        .async(connection, this.#group, generation, memberId, null)
        .catch(unless(REBALANCING)),
    );
  }

  /** Resolves also when the group has forgotten the member already. */
  async leave(memberId: string): Promise<void> {
    const members = [{ memberId, groupInstanceId: null }];
    await this.#ask('leaving the group', (connection) =>
      leaveGroupV4.api.async(connection, this.#group, members).catch(unless(UNKNOWN_MEMBER)),
    );
  }

  /** The committed offset of each partition; undefined where none is. */
  async committed<T extends TopicPartition>(
    partitions: readonly T[],
  ): Promise<readonly (TopicPartition & { readonly committed: number | undefined })[]> {
    const topics = Map.groupBy(partitions, ({ topic }) => topic);
    const request = Array.from(topics, ([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => partition),
    }));
    const found = await this.#over('reading committed offsets', (client) =>
      client.listCommittedOffsets({ topics: request }),
    );
    return partitions.map(({ topic, partition }) => {
      const offset = found.get(topic)?.[partition] ?? -1n;
      return { topic, partition, committed: offset < 0n ? undefined : toOffset(offset) };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    if (this.#client !== undefined) this.#drop(this.#client);
    await Promise.all(this.#closing);
  }

  #ask(what: string, request: (connection: Connection) => Promise<unknown>): Promise<unknown> {
    return this.#over(what, async (client) => {
      const coordinator = await client.findGroupCoordinator();
      const connections = await client.connectToBrokers([coordinator]);
      const connection = connections.get(coordinator);
      if (connection === undefined) {
        throw new LogError('unavailable', `broker ${coordinator}, the coordinator, is not known`);
      }
      return await request(connection);
    });
  }

  async #over<T>(what: string, work: (client: Consumer) => Promise<T>): Promise<T> {
    if (this.#disposed) throw new LogError('unavailable', `${what}: closed`);
    this.#client ??= this.#connect();
    const client = this.#client;
    try {
      return await work(client);
    } catch (error) {
      const failure = toLogError(error, what);
      // The client remembers a coordinator that has moved away: a new one asks for it.
      if (failure.retryable) this.#drop(client);
      throw failure;
    }
  }

  #connect(): Consumer {
    return new Consumer({
      ...clientOptions(this.#options, rotate(this.#options.brokers, this.#connected++)),
      groupId: this.#group,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retries: CLIENT_RETRIES,
      retryDelay: RETRY_DELAY_MS,
    });
  }

  #drop(client: Consumer): void {
    if (this.#client === client) this.#client = undefined;
    const closing = closeClient(client, this.#options.logger).finally(() => {
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }
}

function unless(apiIds: ReadonlySet<string>): (error: unknown) => void {
  return (error) => {
    if (!hasApiId(error, apiIds)) throw error;
  };
}
