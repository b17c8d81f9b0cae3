import { findErrorBy, ProduceAcks, Producer } from '@platformatic/kafka';
import type { Compression } from '@sori/contract';
import { LogError, type PartitionWriter, type TopicPartition } from '@sori/stream';
import { toOffset } from '../cluster-view.ts';
import { clientOptions, closeClient, type KafkaOptions, RETRY_DELAY_MS } from '../connection.ts';
import { within } from '../deadline.ts';
import { toAppendError, toLogError } from '../errors.ts';
import { toMessages } from './messages.ts';

/** Metadata and a producer id must be there within this, or opening fails. */
const OPEN_DEADLINE_MS = 10_000;

/** An append is tried again for this long: longer than a failover takes. */
export const APPEND_GIVE_UP_MS = 25_000;

/** More tries than fit into APPEND_GIVE_UP_MS, which is what ends them. */
const RETRIES = Math.ceil(APPEND_GIVE_UP_MS / RETRY_DELAY_MS);

/** How long a broker may wait for the in-sync replicas before it answers. */
const REPLICATION_TIMEOUT_MS = 5_000;

/** After this a broker is taken to hang; more than REPLICATION_TIMEOUT_MS. */
const REQUEST_TIMEOUT_MS = 8_000;

/**
 * Metadata is read again when a broker says that it is out of date, so age alone need not: a lane
 * then does not stop when another partition of its topic has no leader.
 */
const METADATA_MAX_AGE_MS = 300_000;

type LaneProducer = Producer<Buffer | null, Buffer | null, Buffer, Buffer>;

/**
 * Opens one partition: a Producer that serves nothing else. Resolves once metadata and a producer id
 * are there.
 *
 * After a failed append the lane is spent: it refuses every further append with `fenced`, because
 * the client forgets the sequence that the broker may have stored. Dispose of it and open another.
 *
 * Limits: a try that finds no broker costs RETRY_DELAY_MS, one that meets a hung broker
 * REQUEST_TIMEOUT_MS; an append settles within APPEND_GIVE_UP_MS and one such try. If a topic is
 * deleted and created again with fewer partitions, the lanes of the partitions that are gone must be
 * disposed of before: the client throws out of a callback when a partition vanishes.
 */
export async function openPartitionWriter(
  options: KafkaOptions,
  target: TopicPartition,
  compression: Compression,
  onDispose: () => void,
): Promise<PartitionWriter> {
  let giveUpAt = Number.POSITIVE_INFINITY;
  const producer: LaneProducer = new Producer({
    ...clientOptions(options),
    idempotent: true,
    acks: ProduceAcks.ALL,
    timeout: REPLICATION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retries: RETRIES,
    // Off, or the client starts its tries over and drops the errors of those before: whether one of
    // them may have stored the records could no longer be told.
    repeatOnStaleMetadata: false,
    retryDelay: (_client, _operation, _attempt, _retries, error) => {
      if (findErrorBy(error, 'hasStaleMetadata', true) !== null) producer.clearMetadata();
      if (performance.now() >= giveUpAt) close();
      return RETRY_DELAY_MS;
    },
  });
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeClient(producer, options.logger);
    closing.abort();
    return closed;
  };

  try {
    const ready = Promise.all([
      producer.metadata({ topics: [target.topic] }),
      producer.initIdempotentProducer({ producerId: -1n, producerEpoch: -1 }),
    ]);
    await within(ready, OPEN_DEADLINE_MS, closing.signal, 'opening a partition');
  } catch (error) {
    await close();
    throw toLogError(error, 'opening a partition');
  }

  let appending = false;
  let spent = false;
  return {
    async append(records) {
      if (closed !== undefined || spent) {
        throw new LogError('fenced', 'the lane is closed, or an append of it failed: open another');
      }
      if (appending) throw new LogError('rejected', 'an append of the lane is still in flight');
      if (records.length === 0) throw new LogError('rejected', 'an append needs a record');
      appending = true;
      giveUpAt = performance.now() + APPEND_GIVE_UP_MS;
      try {
        const { offsets = [] } = await producer.send({
          messages: toMessages(target, records),
          acks: ProduceAcks.ALL,
          compression,
        });
        return { baseOffset: baseOffsetOf(offsets, target) };
      } catch (error) {
        spent = true;
        throw toAppendError(error, 'appending records');
      } finally {
        appending = false;
        giveUpAt = Number.POSITIVE_INFINITY;
      }
    },

    async [Symbol.asyncDispose]() {
      onDispose();
      await close();
    },
  };
}

function baseOffsetOf(
  offsets: readonly { topic: string; partition: number; offset: bigint }[],
  target: TopicPartition,
): number {
  const [first, ...others] = offsets;
  if (first?.partition !== target.partition || others.length > 0) {
    const problem = `the broker acknowledged other partitions than ${target.topic}-${target.partition}`;
    throw new LogError('rejected', problem, { outcome: 'unknown' });
  }
  return toOffset(first.offset);
}
