import type { Alert } from './alert.ts';
import { rangeOf, type Timing } from './timing.ts';

const MINUTE = 60;

/** A row is published within a second of its commit; this is many tries later. */
const OUTBOX_AGE_SECONDS = 30;

/** Pages that had to start anew, in ten minutes: a few have only been away for too long. */
const RESETS = 10;

const FAILED_REQUESTS_SHARE = 0.01;

/** From an event to the screens, for one in a hundred. */
const DELIVERY_SECONDS = 1;

/** What can go wrong on the way of an event: publishing, the outbox, HTTP, the edge. */
export function serviceAlerts(timing: Timing): readonly Alert[] {
  const over = (series: string, minutes: number): string =>
    `${series}[${rangeOf(minutes * MINUTE, timing)}]`;
  const overloaded = `sum by (service, client, topic) (increase(${over('kafka_producer_overloaded_total', 5)}))`;
  const errors = `sum by (service, client, topic, outcome) (increase(${over('kafka_producer_record_errors_total', 5)}))`;
  const outboxAge = 'max(sori_outbox_oldest_age_seconds)';
  const parked = 'max(sori_outbox_parked_rows)';
  const relays = 'sum(sori_outbox_relay_active)';
  const resets = `sum(increase(${over('sori_edge_replays_total{source="reset"}', 10)}))`;
  const failingFeed = 'max by (instance) (sori_edge_log_failing_partitions)';
  const requests = `sum by (service) (rate(${over('http_requests_total', 5)}))`;
  const failed = `sum by (service) (rate(${over('http_requests_total{status=~"5.."}', 5)}))`;
  const delivery = 'sori:edge_delivery_seconds:p99';
  return [
    {
      name: 'PublisherOverloaded',
      severity: 'critical',
      measures: [overloaded],
      expr: `${overloaded} > 0`,
      holdSeconds: 0,
      summary: '{{ $labels.client }} refuses events for {{ $labels.topic }}: its buffers are full',
    },
    {
      name: 'PublisherFailing',
      severity: 'critical',
      measures: [errors],
      expr: `${errors} > 0`,
      holdSeconds: 0,
      summary:
        '{{ $labels.client }} could not append records to {{ $labels.topic }} ({{ $labels.outcome }})',
    },
    {
      name: 'OutboxBehind',
      severity: 'warning',
      measures: [outboxAge],
      expr: `${outboxAge} > ${OUTBOX_AGE_SECONDS}`,
      holdSeconds: MINUTE,
      summary: 'the oldest row of the outbox has waited for {{ $value | humanizeDuration }}',
    },
    {
      name: 'OutboxRowsParked',
      severity: 'warning',
      measures: [parked],
      expr: `${parked} > 0`,
      holdSeconds: 0,
      summary: '{{ $value }} rows of the outbox cannot be published and wait for somebody',
    },
    {
      name: 'OutboxWithoutRelay',
      severity: 'critical',
      measures: [relays],
      expr: `${relays} < 1 or absent(sori_outbox_relay_active)`,
      holdSeconds: MINUTE,
      summary: 'no relay publishes the outbox',
    },
    {
      name: 'EdgeResets',
      severity: 'warning',
      measures: [resets],
      expr: `${resets} > ${RESETS}`,
      holdSeconds: 0,
      summary: '{{ $value | humanize }} pages had to start anew instead of going on',
    },
    {
      name: 'EdgeFeedFailing',
      severity: 'critical',
      measures: [failingFeed],
      expr: `${failingFeed} > 0`,
      holdSeconds: MINUTE,
      summary: '{{ $labels.instance }} cannot read {{ $value }} partitions of the feed',
    },
    {
      name: 'DeliverySlow',
      severity: 'warning',
      measures: [delivery],
      expr: `${delivery} > ${DELIVERY_SECONDS}`,
      holdSeconds: 5 * MINUTE,
      summary: 'one event in a hundred takes {{ $value | humanizeDuration }} to the screens',
    },
    {
      name: 'RequestsFailing',
      severity: 'critical',
      // Failed requests have no series while there are none: then there is nothing to compare.
      measures: [requests],
      expr: `${failed} / ${requests} > ${FAILED_REQUESTS_SHARE}`,
      holdSeconds: 2 * MINUTE,
      summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail',
    },
  ];
}
