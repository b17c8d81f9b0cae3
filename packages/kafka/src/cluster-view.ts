import { Consumer } from '@platformatic/kafka';
import { LogError, type TopicPartitionOffset } from '@sori/stream';
import { clientOptions, closeClient, type KafkaOptions, RETRY_DELAY_MS } from './connection.ts';
import { retryWithin } from './deadline.ts';
import { toLogError } from './errors.ts';

/** How long a question about topics or offsets is asked again before it is `unavailable`. */
const ANSWER_DEADLINE_MS = 10_000;

/** One metadata or offsets request; a hung broker is left for the next one after this. */
const REQUEST_TIMEOUT_MS = 3_000;

/** Tries inside the client, which go round the bootstrap brokers. */
const CLIENT_RETRIES = 3;

const LATEST = -1n;
const EARLIEST = -2n;

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** A topic as the cluster describes it now. */
export interface TopicLayout {
  /** Changes when a topic is deleted and created again under its name. */
  readonly id: string;
  /** By partition: its leader's node id, undefined while it has none. */
  readonly leaders: readonly (number | undefined)[];
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
}

/** Where `listOffsets` looks; a timestamp is in milliseconds since the epoch. */
export type OffsetAt = 'earliest' | 'latest' | { readonly timestamp: number };

/** Questions about topics and offsets, over a client of its own that joins no group. */
export interface ClusterView extends AsyncDisposable {
  /** Rejects with LogError: `unknown-topic`, or `unavailable` after ANSWER_DEADLINE_MS. */
  describeTopic(topic: string): Promise<TopicLayout>;
  /** The same, asked once: for callers that go on asking by themselves. */
  describeTopicOnce(topic: string): Promise<TopicLayout>;
  /** Offsets of the given partitions, or all. Rejects as `describeTopic`. */
  listOffsets(
    topic: string,
    at: OffsetAt,
    partitions?: readonly number[],
  ): Promise<readonly TopicPartitionOffset[]>;
}

export function createClusterView(options: KafkaOptions): ClusterView {
  const client = new Consumer({
    ...clientOptions(options),
    groupId: `${options.clientId}-reader`,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retries: CLIENT_RETRIES,
    retryDelay: RETRY_DELAY_MS,
  });
  const closing = new AbortController();

  // One topic a request: the client fails a request as a whole when one of its topics is unknown.
  const describe = async (topic: string): Promise<TopicLayout> => {
    try {
      const metadata = await client.metadata({ topics: [topic], forceUpdate: true });
      const found = metadata.topics.get(topic);
      // The client leaves out the broker's internal topics.
      if (found === undefined) throw new LogError('unknown-topic', `topic ${topic} is internal`);
      return {
        id: found.id,
        leaders: found.partitions.map(({ leader }) => (leader < 0 ? undefined : leader)),
        brokers: metadata.brokers,
      };
    } catch (error) {
      const partial = partialLayout(error, topic);
      if (partial !== undefined) return partial;
      throw toLogError(error, 'describing a topic');
    }
  };

  const listOnce = async (
    topic: string,
    timestamp: bigint,
    partitions: readonly number[] | undefined,
  ): Promise<ReadonlyMap<number, bigint>> => {
    try {
      const byTopic = await client.listOffsets({
        topics: [topic],
        timestamp,
        ...(partitions === undefined ? {} : { partitions: { [topic]: [...partitions] } }),
      });
      const offsets = byTopic.get(topic) ?? [];
      // The client's array has holes where a partition was not asked for.
      const found = new Map<number, bigint>();
      offsets.forEach((offset, partition) => {
        found.set(partition, offset);
      });
      return found;
    } catch (error) {
      throw toLogError(error, 'listing offsets');
    }
  };

  const describeTopic = (topic: string) =>
    retryWithin(
      () => describe(topic),
      ANSWER_DEADLINE_MS,
      closing.signal,
      `describing topic ${topic}`,
    );

  return {
    describeTopic,
    describeTopicOnce: describe,

    async listOffsets(topic, at, partitions) {
      // Asked first because the client's own lookup throws out of a callback on internal topics.
      await describeTopic(topic);
      const what = `listing offsets of ${topic}`;
      return retryWithin(
        async () => {
          const wanted = await listOnce(topic, timestampOf(at), partitions);
          // No record at or after a timestamp is said as -1.
          const missing = Array.from(wanted).flatMap(([partition, offset]) =>
            offset < 0n ? [partition] : [],
          );
          const latest = missing.length === 0 ? undefined : await listOnce(topic, LATEST, missing);
          return Array.from(wanted, ([partition, offset]) => ({
            topic,
            partition,
            offset: toOffset(latest?.get(partition) ?? offset),
          }));
        },
        ANSWER_DEADLINE_MS,
        closing.signal,
        what,
      );
    },

    async [Symbol.asyncDispose]() {
      closing.abort();
      await closeClient(client, options.logger);
    },
  };
}

/** An offset as a number. Throws LogError `rejected` beyond 2^53 - 1. */
export function toOffset(offset: bigint): number {
  const value = Number(offset);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new LogError('rejected', `offset ${offset} is not a whole number up to 2^53 - 1`);
  }
  return value;
}

function timestampOf(at: OffsetAt): bigint {
  if (at === 'earliest') return EARLIEST;
  if (at === 'latest') return LATEST;
  return BigInt(Math.max(0, Math.trunc(at.timestamp)));
}

/** The parts of the client's raw metadata response that are read here. */
export interface RawMetadata {
  readonly clusterId: string;
  readonly brokers: readonly (BrokerAddress & { readonly nodeId: number })[];
  readonly topics: readonly {
    readonly errorCode: number;
    readonly name: string;
    readonly topicId: string;
    readonly isInternal: boolean;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly leaderId: number;
      readonly replicaNodes: readonly number[];
      readonly isrNodes: readonly number[];
    }[];
  }[];
}

/**
 * The client throws a whole answer away when one partition has no leader; the answer is in the
 * error, and the other partitions' leaders with it.
 */
function partialLayout(error: unknown, topic: string): TopicLayout | undefined {
  const response = metadataIn(error);
  const found = response?.topics.find(({ name, errorCode }) => name === topic && errorCode === 0);
  if (response === undefined || found === undefined) return undefined;
  const leaders: (number | undefined)[] = found.partitions.map(() => undefined);
  for (const { partitionIndex, leaderId } of found.partitions) {
    leaders[partitionIndex] = leaderId < 0 ? undefined : leaderId;
  }
  return {
    id: found.topicId,
    leaders,
    brokers: new Map(response.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
  };
}

/** The metadata answer that a failed call of the client threw away, if there was one. */
export function metadataIn(error: unknown): RawMetadata | undefined {
  if (!(error instanceof AggregateError)) return undefined;
  if ('response' in error && isMetadata(error.response)) return error.response;
  const last: unknown = error.errors.at(-1);
  return metadataIn(last);
}

function isMetadata(response: unknown): response is RawMetadata {
  return (
    typeof response === 'object' &&
    response !== null &&
    'topics' in response &&
    'controllerId' in response
  );
}
