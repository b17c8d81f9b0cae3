import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LABEL_VALUES_MAX } from './bounded-label.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { WINDOW_SECONDS } from './sliding-window.ts';

const MESSAGES_4 = { topic: 'message.events', partition: 4 };
const MESSAGES_5 = { topic: 'message.events', partition: 5 };

/** Every series of a metric: its labels (without the service's) and its value. */
async function seriesOf(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const series: Record<string, number> = {};
  for (const line of (await metrics.text()).split('\n')) {
    const [, labels, value] = new RegExp(`^${name}\\{(.*)\\} (\\S+)$`).exec(line) ?? [];
    if (labels === undefined) continue;
    const own = labels.split(',').filter((label) => !label.startsWith('service='));
    series[own.join(',')] = Number(value);
  }
  return series;
}

describe('of a publisher', () => {
  test('the rate and the mean latency that were asked for, with counters beside them', async () => {
    let now = 0;
    const metrics = createMetrics({ service: 'gateway', now: () => now });
    const publisher = metrics.publisher('gateway-1');
    publisher.acknowledged(MESSAGES_4, 100, 5_000, 4);
    now = 5_000;
    publisher.acknowledged(MESSAGES_5, 200, 9_000, 8);
    now = 10_000;

    const labels = 'client="gateway-1",topic="message.events"';
    const rate = await seriesOf(metrics, 'kafka_producer_record_send_rate');
    assert.deepEqual(rate, { [labels]: 30 });
    const latency = await seriesOf(metrics, 'kafka_producer_request_latency_avg');
    assert.deepEqual(latency, { [labels]: 6 });
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_records_total'), { [labels]: 300 });
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_bytes_total'), { [labels]: 14_000 });
    const seconds = await seriesOf(metrics, 'kafka_producer_request_latency_seconds_sum');
    assert.deepEqual(seconds, { [labels]: 0.012 });
  });

  test('an idle one sends nothing a second, and has no latency', async () => {
    let now = 0;
    const metrics = createMetrics({ service: 'gateway', now: () => now });
    metrics.publisher('gateway-1').acknowledged(MESSAGES_4, 100, 5_000, 4);
    now = (WINDOW_SECONDS + 1) * 1_000;
    const rate = await seriesOf(metrics, 'kafka_producer_record_send_rate');
    assert.deepEqual(Object.values(rate), [0]);
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_request_latency_avg'), {});
  });

  test('failures by what is known of them, refusals, and what waits', async () => {
    const metrics = createMetrics({ service: 'gateway' });
    const publisher = metrics.publisher('gateway-1');
    publisher.failed(MESSAGES_4, 3, 'unknown');
    publisher.failed(MESSAGES_4, 2, 'not-stored');
    publisher.overloaded('message.events');
    publisher.buffered(7, 700);
    publisher.buffered(0, 0);
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_record_errors_total'), {
      'client="gateway-1",topic="message.events",outcome="unknown"': 3,
      'client="gateway-1",topic="message.events",outcome="not-stored"': 2,
    });
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_overloaded_total'), {
      'client="gateway-1",topic="message.events"': 1,
    });
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_buffered_records'), {
      'client="gateway-1"': 0,
    });
  });

  test('several publishers of one registry keep their series apart', async () => {
    const metrics = createMetrics({ service: 'gateway' });
    metrics.publisher('a').acknowledged(MESSAGES_4, 1, 1, 1);
    metrics.publisher('b').acknowledged(MESSAGES_4, 2, 1, 1);
    metrics.publisher('a').acknowledged(MESSAGES_4, 4, 1, 1);
    assert.deepEqual(await seriesOf(metrics, 'kafka_producer_records_total'), {
      'client="a",topic="message.events"': 5,
      'client="b",topic="message.events"': 2,
    });
  });
});

describe('of a consumer', () => {
  const partition = (of: number): string =>
    `group="notification-consumer-group",client="notifier-1",topic="message.events",partition="${of}"`;

  test('the rate that was asked for, per topic', async () => {
    let now = 0;
    const metrics = createMetrics({ service: 'notifier', now: () => now });
    const consumer = metrics.consumer('notification-consumer-group', 'notifier-1');
    consumer.consumed(MESSAGES_4, 40, 4_000);
    consumer.consumed(MESSAGES_5, 60, 6_000);
    now = 10_000;
    const labels = 'group="notification-consumer-group",client="notifier-1",topic="message.events"';
    const rate = await seriesOf(metrics, 'kafka_consumer_records_consumed_rate');
    assert.deepEqual(rate, { [labels]: 10 });
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_records_total'), { [labels]: 100 });
  });

  test('lag per partition, for as long as the member owns it', async () => {
    const metrics = createMetrics({ service: 'notifier' });
    const consumer = metrics.consumer('notification-consumer-group', 'notifier-1');
    consumer.assigned([MESSAGES_4, MESSAGES_5], 1);
    consumer.committed(MESSAGES_4, 90, 100);
    consumer.committed(MESSAGES_5, 7, 7);
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_lag'), {
      [partition(4)]: 10,
      [partition(5)]: 0,
    });

    consumer.assigned([MESSAGES_5], 2);
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_lag'), { [partition(5)]: 0 });
    // A commit that was on its way: another member speaks for the partition now.
    consumer.committed(MESSAGES_4, 95, 100);
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_lag'), { [partition(5)]: 0 });

    consumer.assigned([], 2);
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_lag'), {});
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_committed_offset'), {});
    const owned = await seriesOf(metrics, 'kafka_consumer_assigned_partitions');
    assert.deepEqual(Object.values(owned), [0]);
  });

  test('a position past the end as last seen is no negative lag', async () => {
    const metrics = createMetrics({ service: 'notifier' });
    const consumer = metrics.consumer('notification-consumer-group', 'notifier-1');
    consumer.assigned([MESSAGES_4], 1);
    consumer.committed(MESSAGES_4, 100, 90);
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_lag'), { [partition(4)]: 0 });
  });

  test('what became of records', async () => {
    const metrics = createMetrics({ service: 'notifier' });
    const consumer = metrics.consumer('g', 'm');
    consumer.handled('message.events', 'message.chat.sent', 'handled', 20);
    consumer.handled('message.events', 'message.chat.sent', 'dead-lettered', 20);
    consumer.retried('message.events', 'message.chat.sent');
    consumer.deadLettered('message.events', 'CONTRACT_RECORD_UNDECODABLE');
    consumer.skippedByRetention(MESSAGES_4, 12);
    consumer.breaker('open', 'STREAM_DEPENDENCY_UNAVAILABLE');
    const of = 'group="g",client="m",topic="message.events"';
    const typed = `${of},type="message.chat.sent"`;
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_records_handled_total'), {
      [`${typed},outcome="handled"`]: 1,
      [`${typed},outcome="dead-lettered"`]: 1,
    });
    const durations = await seriesOf(metrics, 'kafka_consumer_handler_duration_seconds_count');
    assert.deepEqual(durations, { [typed]: 1 });
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_retries_total'), { [typed]: 1 });
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_dead_lettered_total'), {
      [`${of},reason="CONTRACT_RECORD_UNDECODABLE"`]: 1,
    });
    assert.deepEqual(await seriesOf(metrics, 'kafka_consumer_skipped_by_retention_total'), {
      [of]: 12,
    });
    const open = 'kafka_consumer_breaker_open';
    assert.deepEqual(await seriesOf(metrics, open), { 'group="g",client="m"': 1 });
    consumer.breaker('closed', 'STREAM_DEPENDENCY_UNAVAILABLE');
    assert.deepEqual(await seriesOf(metrics, open), { 'group="g",client="m"': 0 });
  });

  test('reasons without end do not become series without end', async () => {
    const metrics = createMetrics({ service: 'notifier' });
    const consumer = metrics.consumer('g', 'm');
    for (let n = 0; n < LABEL_VALUES_MAX + 50; n++) consumer.deadLettered('t', `E${n}`);
    const series = await seriesOf(metrics, 'kafka_consumer_dead_lettered_total');
    assert.equal(Object.keys(series).length, LABEL_VALUES_MAX + 1);
    assert.equal(series['group="g",client="m",topic="t",reason="other"'], 50);
  });
});

describe('of an HTTP server', () => {
  test('requests by route and status; methods that nobody serves are one', async () => {
    const metrics = createMetrics({ service: 'gateway' });
    metrics.http().answered('GET', '/v1/rooms/:roomId', 200, 12);
    metrics.http().answered('BREW', 'none', 404, 1);
    metrics.http().answered('PROPFIND', 'none', 404, 1);
    assert.deepEqual(await seriesOf(metrics, 'http_requests_total'), {
      'method="GET",route="/v1/rooms/:roomId",status="200"': 1,
      'method="other",route="none",status="404"': 2,
    });
  });
});

test('the process itself is measured, and every series names its service', async () => {
  const metrics = createMetrics({ service: 'edge' });
  const text = await metrics.text();
  assert.match(text, /^process_cpu_seconds_total\{service="edge"\}/m);
  assert.match(text, /^nodejs_eventloop_lag_seconds\{service="edge"\}/m);
  assert.match(metrics.contentType, /^text\/plain/);
});
