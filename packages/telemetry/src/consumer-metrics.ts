import type { ConsumerMetrics, TopicPartition } from '@sori/stream';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { BoundedLabel } from './bounded-label.ts';
import { LATENCY_SECONDS_BUCKETS } from './latency-buckets.ts';
import { type Now, SlidingWindow } from './sliding-window.ts';

type MemberLabels = { readonly group: string; readonly client: string };
type TopicLabels = MemberLabels & { readonly topic: string };

/** What is counted for one topic of one member, looked up once and not for every batch. */
interface TopicCounts {
  readonly records: Counter.Internal;
  readonly bytes: Counter.Internal;
  readonly consumed: SlidingWindow;
}

const MEMBER = ['group', 'client'] as const;
const TOPIC = [...MEMBER, 'topic'] as const;
const TYPE = [...TOPIC, 'type'] as const;
const PARTITION = [...TOPIC, 'partition'] as const;

/** The metrics of all consumers of one registry. `client` is the member's name. */
export class ConsumerMetricsFamily {
  readonly #now: Now;
  readonly #reasons = new BoundedLabel();
  readonly #counts = new Map<string, { readonly labels: TopicLabels; readonly of: TopicCounts }>();
  readonly #records;
  readonly #bytes;
  readonly #lag;
  readonly #committedOffset;
  readonly #handled;
  readonly #duration;
  readonly #retries;
  readonly #deadLettered;
  readonly #skippedByRetention;
  readonly #assignedPartitions;
  readonly #generation;
  readonly #breakerOpen;
  readonly #breakerOpened;

  constructor(registry: Registry, now: Now) {
    this.#now = now;
    const registers = [registry];
    const counts = this.#counts;
    new Gauge({
      registers,
      labelNames: TOPIC,
      name: 'kafka_consumer_records_consumed_rate',
      help: 'Records read a second, over the last 30 seconds',
      collect() {
        for (const { labels, of } of counts.values()) this.set({ ...labels }, of.consumed.rate());
      },
    });
    const counter = <L extends string>(name: string, labelNames: readonly L[], help: string) =>
      new Counter<L>({ registers, name, labelNames, help });
    const gauge = <L extends string>(name: string, labelNames: readonly L[], help: string) =>
      new Gauge<L>({ registers, name, labelNames, help });
    this.#records = counter('kafka_consumer_records_total', TOPIC, 'Records read');
    this.#bytes = counter(
      'kafka_consumer_bytes_total',
      TOPIC,
      'Bytes of keys, values and headers read',
    );
    this.#lag = gauge(
      'kafka_consumer_lag',
      PARTITION,
      "Records between the committed offset and the partition's end, as last seen by its owner",
    );
    this.#committedOffset = gauge(
      'kafka_consumer_committed_offset',
      PARTITION,
      'The offset that the group would start from',
    );
    this.#handled = counter(
      'kafka_consumer_records_handled_total',
      [...TYPE, 'outcome'] as const,
      'Records done: handled, no-handler, dead-lettered or skipped',
    );
    this.#duration = new Histogram({
      registers,
      labelNames: TYPE,
      name: 'kafka_consumer_handler_duration_seconds',
      help: 'Seconds that a record spent in its handler, all tries together',
      buckets: LATENCY_SECONDS_BUCKETS,
    });
    this.#retries = counter(
      'kafka_consumer_retries_total',
      TYPE,
      'Failed tries that are made again',
    );
    this.#deadLettered = counter(
      'kafka_consumer_dead_lettered_total',
      [...TOPIC, 'reason'] as const,
      "Records that went to a dead-letter topic, by the error's code",
    );
    this.#skippedByRetention = counter(
      'kafka_consumer_skipped_by_retention_total',
      TOPIC,
      'Records that retention removed before they were read',
    );
    this.#assignedPartitions = gauge(
      'kafka_consumer_assigned_partitions',
      MEMBER,
      'Partitions that this member has',
    );
    this.#generation = gauge(
      'kafka_consumer_group_generation',
      MEMBER,
      'How often the group has changed',
    );
    this.#breakerOpen = gauge(
      'kafka_consumer_breaker_open',
      MEMBER,
      '1 while the member waits for a dependency or for handlers to heal',
    );
    this.#breakerOpened = counter(
      'kafka_consumer_breaker_opened_total',
      [...MEMBER, 'reason'] as const,
      "How often the member began to wait, by the error's code",
    );
  }

  of(group: string, client: string): ConsumerMetrics {
    const member: MemberLabels = { group, client };
    // From the start, or nothing could be told from a breaker that never opened.
    this.#breakerOpen.set(member, 0);
    const byTopic = new Map<string, TopicCounts>();
    const owned = new Map<string, { readonly topic: string; readonly partition: string }>();
    const countsOf = (topic: string): TopicCounts => {
      const known = byTopic.get(topic);
      if (known !== undefined) return known;
      const made = this.#topicCounts({ ...member, topic });
      byTopic.set(topic, made);
      return made;
    };
    return {
      consumed: ({ topic }, records, bytes) => {
        const counts = countsOf(topic);
        counts.records.inc(records);
        counts.bytes.inc(bytes);
        counts.consumed.add(records, 0);
      },
      handled: (topic, type, outcome, durationMs) => {
        this.#handled.inc({ ...member, topic, type, outcome });
        if (outcome === 'handled') {
          this.#duration.observe({ ...member, topic, type }, durationMs / 1_000);
        }
      },
      retried: (topic, type) => this.#retries.inc({ ...member, topic, type }),
      deadLettered: (topic, reason) => {
        this.#deadLettered.inc({ ...member, topic, reason: this.#reasons.bound(reason) });
      },
      committed: (source, offset, endOffset) => {
        // A commit that was on its way when the partition was let go has an owner of its own now.
        if (!owned.has(keyOf(source))) return;
        const labels = { ...member, ...labelsOf(source) };
        this.#committedOffset.set(labels, offset);
        this.#lag.set(labels, Math.max(0, endOffset - offset));
      },
      assigned: (partitions, generation) => {
        const kept = new Set(partitions.map(keyOf));
        for (const [key, source] of owned) {
          if (kept.has(key)) continue;
          owned.delete(key);
          this.#lag.remove({ ...member, ...source });
          this.#committedOffset.remove({ ...member, ...source });
        }
        for (const source of partitions) owned.set(keyOf(source), labelsOf(source));
        this.#assignedPartitions.set(member, partitions.length);
        this.#generation.set(member, generation);
      },
      skippedByRetention: ({ topic }, records) => {
        this.#skippedByRetention.inc({ ...member, topic }, records);
      },
      breaker: (state, reason) => {
        this.#breakerOpen.set(member, state === 'open' ? 1 : 0);
        if (state === 'open') {
          this.#breakerOpened.inc({ ...member, reason: this.#reasons.bound(reason) });
        }
      },
    };
  }

  #topicCounts(labels: TopicLabels): TopicCounts {
    const key = JSON.stringify(labels);
    const known = this.#counts.get(key);
    if (known !== undefined) return known.of;
    const of: TopicCounts = {
      records: this.#records.labels(labels),
      bytes: this.#bytes.labels(labels),
      consumed: new SlidingWindow(this.#now),
    };
    this.#counts.set(key, { labels, of });
    return of;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function labelsOf({ topic, partition }: TopicPartition): {
  readonly topic: string;
  readonly partition: string;
} {
  return { topic, partition: String(partition) };
}
