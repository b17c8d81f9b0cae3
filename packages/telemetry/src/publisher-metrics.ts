import type { PublisherMetrics, TopicPartition } from '@sori/stream';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LATENCY_SECONDS_BUCKETS } from './latency-buckets.ts';
import { type Now, SlidingWindow } from './sliding-window.ts';

/** What is counted for one topic of one publisher, looked up once and not for every batch. */
interface TopicCounts {
  readonly records: Counter.Internal;
  readonly bytes: Counter.Internal;
  readonly latency: Histogram.Internal<'client' | 'topic'>;
  readonly sent: SlidingWindow;
  readonly requests: SlidingWindow;
}

type TopicLabels = { readonly client: string; readonly topic: string };

/** The metrics of all publishers of one registry. */
export class PublisherMetricsFamily {
  readonly #now: Now;
  readonly #counts = new Map<string, { readonly labels: TopicLabels; readonly of: TopicCounts }>();
  readonly #records;
  readonly #bytes;
  readonly #errors;
  readonly #overloaded;
  readonly #latency;
  readonly #bufferedRecords;
  readonly #bufferedBytes;

  constructor(registry: Registry, now: Now) {
    this.#now = now;
    const registers = [registry];
    const byTopic = { registers, labelNames: ['client', 'topic'] as const };
    const byClient = { registers, labelNames: ['client'] as const };
    const counts = this.#counts;
    new Gauge({
      ...byTopic,
      name: 'kafka_producer_record_send_rate',
      help: 'Acknowledged records a second, over the last 30 seconds',
      collect() {
        for (const { labels, of } of counts.values()) this.set({ ...labels }, of.sent.rate());
      },
    });
    new Gauge({
      ...byTopic,
      name: 'kafka_producer_request_latency_avg',
      help: 'Mean milliseconds from send to acknowledgement, over the last 30 seconds; absent when idle',
      collect() {
        this.reset();
        for (const { labels, of } of counts.values()) {
          const average = of.requests.average();
          if (average !== undefined) this.set({ ...labels }, average);
        }
      },
    });
    this.#records = new Counter({
      ...byTopic,
      name: 'kafka_producer_records_total',
      help: 'Acknowledged records',
    });
    this.#bytes = new Counter({
      ...byTopic,
      name: 'kafka_producer_bytes_total',
      help: 'Value bytes of acknowledged records, before compression',
    });
    this.#latency = new Histogram({
      ...byTopic,
      name: 'kafka_producer_request_latency_seconds',
      help: 'Seconds from send to acknowledgement of a batch',
      buckets: LATENCY_SECONDS_BUCKETS,
    });
    this.#errors = new Counter({
      registers,
      labelNames: ['client', 'topic', 'outcome'] as const,
      name: 'kafka_producer_record_errors_total',
      help: 'Records of failed appends; outcome `unknown` may be stored',
    });
    this.#overloaded = new Counter({
      ...byTopic,
      name: 'kafka_producer_overloaded_total',
      help: 'Events refused because the buffers were full',
    });
    this.#bufferedRecords = new Gauge({
      ...byClient,
      name: 'kafka_producer_buffered_records',
      help: 'Records that wait to be sent or acknowledged',
    });
    this.#bufferedBytes = new Gauge({
      ...byClient,
      name: 'kafka_producer_buffered_bytes',
      help: 'Bytes that wait to be sent or acknowledged',
    });
  }

  of(client: string): PublisherMetrics {
    const byTopic = new Map<string, TopicCounts>();
    const countsOf = (topic: string): TopicCounts => {
      const known = byTopic.get(topic);
      if (known !== undefined) return known;
      const made = this.#topicCounts({ client, topic });
      byTopic.set(topic, made);
      return made;
    };
    const bufferedRecords = this.#bufferedRecords.labels({ client });
    const bufferedBytes = this.#bufferedBytes.labels({ client });
    const errors = this.#errors;
    const overloaded = this.#overloaded;
    return {
      acknowledged({ topic }: TopicPartition, records, bytes, latencyMs) {
        const counts = countsOf(topic);
        counts.records.inc(records);
        counts.bytes.inc(bytes);
        counts.latency.observe(latencyMs / 1_000);
        counts.sent.add(records, 0);
        counts.requests.add(1, latencyMs);
      },
      failed({ topic }: TopicPartition, records, outcome) {
        countsOf(topic);
        errors.inc({ client, topic, outcome }, records);
      },
      overloaded(topic) {
        countsOf(topic);
        overloaded.inc({ client, topic });
      },
      buffered(records, bytes) {
        bufferedRecords.set(records);
        bufferedBytes.set(bytes);
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
      latency: this.#latency.labels(labels),
      sent: new SlidingWindow(this.#now),
      requests: new SlidingWindow(this.#now),
    };
    this.#counts.set(key, { labels, of });
    this.#startAtZero(labels);
    return of;
  }

  /** A counter that first shows with its first failure has no increase: alerts would miss it. */
  #startAtZero(labels: TopicLabels): void {
    this.#overloaded.inc({ ...labels }, 0);
    for (const outcome of ['not-stored', 'unknown']) this.#errors.inc({ ...labels, outcome }, 0);
  }
}
