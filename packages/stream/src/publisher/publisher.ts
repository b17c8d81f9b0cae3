import { type Catalog, type EventDraft, encodeEvent, newEventId } from '@sori/contract';
import { systemClock } from '../clock.ts';
import { DeliveryFailed, PublisherOverloaded, RecordTooLarge, StreamClosed } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { Logger } from '../ports/logger.ts';
import type { PublisherMetrics } from '../ports/metrics.ts';
import type { RecordToAppend } from '../ports/record.ts';
import { BufferAccount } from './buffer-account.ts';
import { Lane, type LaneContext } from './lane.ts';
import { LaneWriter } from './lane-writer.ts';
import { DEFAULT_PUBLISHER_LIMITS, type PublisherLimits } from './limits.ts';
import { OutageLog } from './outage-log.ts';
import type { Published } from './pending-record.ts';
import { BATCH_OVERHEAD_BYTES, recordSizeBytes } from './record-size.ts';
import { TopicLanes } from './topic-lanes.ts';

/** Attributes of an event that its draft doesn't have. */
export interface PublishAttributes {
  /** A new UUIDv7 unless given. Give the same id to publish the same event again. */
  readonly id?: string | undefined;
  /** When it happened, RFC 3339 UTC; now unless given. */
  readonly time?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** Where a raw record goes: by its key, unless the partition is given. */
export interface AppendTarget {
  readonly topic: string;
  readonly partition?: number | undefined;
}

/**
 * Publishes events in order per key. Its promises reject with PublisherOverloaded, RecordTooLarge,
 * DeliveryUnknown, DeliveryFailed or StreamClosed; with DefinitionError for a topic that is not in
 * the catalog.
 */
export interface Publisher extends AsyncDisposable {
  /** Resolves when every in-sync replica has the event. */
  publish(draft: EventDraft, attributes?: PublishAttributes): Promise<Published>;
  /** Appends a record that is encoded already: dead letters, redrive, the outbox. */
  append(target: AppendTarget, record: RecordToAppend, eventId: string): Promise<Published>;
  /**
   * Opens every partition of the topics, so that the first events don't wait for it. Retries for
   * as long as the delivery deadline; rejects with LogError.
   */
  warmUp(topics: readonly string[]): Promise<void>;
  /** Sends what lingers; resolves when everything taken so far has settled, either way. */
  flush(): Promise<void>;
  /** Takes nothing more, flushes for at most `closeTimeoutMs`, rejects what is left, closes. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PublisherOptions {
  readonly catalog: Catalog;
  /** Stays the caller's: disposing the publisher closes its partition writers, not the log. */
  readonly log: LogWriter;
  /** URI reference of the program, as `/sori/gateway`: the events' ce_source. */
  readonly source: string;
  readonly clock?: Clock | undefined;
  readonly logger: Logger;
  readonly metrics?: PublisherMetrics | undefined;
  readonly limits?: Partial<PublisherLimits> | undefined;
}

/** Makes a publisher. Nothing is opened until `warmUp` or the first event of a partition. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { catalog, log, logger, metrics, source } = options;
  const clock = options.clock ?? systemClock;
  const limits: PublisherLimits = { ...DEFAULT_PUBLISHER_LIMITS, ...options.limits };
  const buffer = new BufferAccount(limits.bufferedRecords, limits.bufferedBytes, metrics);
  const outage = new OutageLog(clock, logger);
  const context: LaneContext = { clock, limits, buffer, outage, metrics };
  const topics = new Map<string, TopicLanes>();
  const lanes: Lane[] = [];
  let closing: Promise<void> | undefined;

  function lanesOf(name: string): TopicLanes {
    const known = topics.get(name);
    if (known !== undefined) return known;
    const topic = catalog.topic(name);
    const made = new TopicLanes(topic, (partition) => {
      const target = { topic: name, partition };
      const writer = new LaneWriter({ log, target, compression: topic.compression, logger });
      const lane = new Lane(topic, target, writer, context);
      lanes.push(lane);
      return lane;
    });
    topics.set(name, made);
    return made;
  }

  function enqueue(
    { topic }: TopicLanes,
    lane: Lane,
    record: RecordToAppend,
    eventId: string,
    time: string,
  ): Promise<Published> {
    const bytes = recordSizeBytes(record);
    if (bytes + BATCH_OVERHEAD_BYTES > topic.maxMessageBytes) {
      return Promise.reject(new RecordTooLarge(topic.name, bytes, topic.maxMessageBytes));
    }
    if (!buffer.hasRoomFor(bytes) || !lane.hasRoomFor(bytes)) return overloaded(topic.name);
    const expiresAt = clock.now() + limits.deliveryDeadlineMs;
    return new Promise((resolve, reject) => {
      lane.add({ record, eventId, time, bytes, expiresAt, resolve, reject, settled: false });
    });
  }

  function overloaded(topic: string): Promise<never> {
    metrics?.overloaded(topic);
    return Promise.reject(new PublisherOverloaded('too much is waiting to be sent'));
  }

  function publish(draft: EventDraft, attributes: PublishAttributes = {}): Promise<Published> {
    if (closing !== undefined) return Promise.reject(closedError());
    const name = draft.definition.topic.name;
    try {
      // Before the work of encoding: an overloaded process has none to spare.
      if (!buffer.hasRoomFor(0)) return overloaded(name);
      const target = lanesOf(name);
      const time = attributes.time ?? new Date(clock.now()).toISOString();
      const encoded = encodeEvent(draft, {
        id: attributes.id ?? newEventId(),
        source,
        time,
        correlationId: attributes.correlationId,
        causationId: attributes.causationId,
        traceparent: attributes.traceparent,
      });
      return enqueue(target, target.forKey(encoded.key), encoded, encoded.id, time);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async function append(
    { topic, partition }: AppendTarget,
    record: RecordToAppend,
    eventId: string,
  ): Promise<Published> {
    if (closing !== undefined) throw closedError();
    const target = lanesOf(topic);
    if (partition !== undefined && !target.has(partition)) {
      throw new DeliveryFailed(eventId, `${topic} has no partition ${partition}`, false);
    }
    const lane = partition === undefined ? target.forKey(record.key) : target.at(partition);
    return enqueue(target, lane, record, eventId, new Date(clock.now()).toISOString());
  }

  async function warmUp(names: readonly string[]): Promise<void> {
    if (closing !== undefined) throw closedError();
    const wanted = names.map(lanesOf);
    await Promise.all(wanted.flatMap((target) => target.all()).map((lane) => lane.warmUp()));
    await Promise.all(wanted.map(checkPartitions));
  }

  async function checkPartitions({ topic }: TopicLanes): Promise<void> {
    const partitions = await log.partitionCount(topic.name);
    if (partitions === topic.partitions) return;
    const fields = { topic: topic.name, partitions, catalog: topic.partitions };
    logger.warn(fields, 'a topic has another number of partitions than the catalog says');
  }

  async function flush(): Promise<void> {
    await Promise.all(lanes.map((lane) => lane.flush()));
  }

  async function close(): Promise<void> {
    const { promise: expired, resolve: expire } = Promise.withResolvers<void>();
    using _timer = clock.setTimer(expire, limits.closeTimeoutMs);
    await Promise.race([flush(), expired]);
    await Promise.all(lanes.map((lane) => lane.close()));
  }

  return {
    publish,
    append,
    warmUp,
    flush,
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}

function closedError(): StreamClosed {
  return new StreamClosed('the publisher was closed');
}
