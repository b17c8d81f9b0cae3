import type { Alert } from './alert.ts';
import { rangeOf, type Timing } from './timing.ts';

const MINUTE = 60;

/** Below this many records a lag that grows is the ordinary up and down of batches. */
const GROWING_LAG_RECORDS = 1_000;

/** Older than this, what the monitor says of groups says nothing of their members now. */
const FRESH_SECONDS = 30;

/** What can go wrong with the groups that read. */
export function consumerAlerts(timing: Timing): readonly Alert[] {
  const over = (series: string, minutes: number): string =>
    `${series}[${rangeOf(minutes * MINUTE, timing)}]`;
  const lag = 'sori:consumergroup_lag:sum';
  const trend = `deriv(${over(lag, 10)})`;
  const lagSeconds = 'sori:consumergroup_lag_seconds:max';
  const lagTarget = 'sori:consumergroup_lag_target_seconds';
  const members = 'kafka_consumergroup_members';
  const expectedMembers = 'sori:consumergroup_expected_members';
  const progress = `changes(${over('kafka_consumergroup_current_offset', 5)})`;
  const groupsAge = 'sori_monitor_snapshot_age_seconds{part="groups"}';
  const deadLetters = 'sum by (topic) (sori_dead_letter_records)';
  const newDeadLetters = `sum by (topic) (increase(${over('kafka_topic_partition_current_offset{topic=~".+[.]dlq"}', 10)}))`;
  const breaker = 'max by (group, client) (kafka_consumer_breaker_open)';
  const lost = 'sum by (consumergroup, topic) (kafka_consumergroup_lost_records)';
  return [
    {
      name: 'ConsumerLagGrowing',
      severity: 'warning',
      measures: [lag, trend],
      expr: `${lag} > ${GROWING_LAG_RECORDS} and ${trend} > 0`,
      holdSeconds: 5 * MINUTE,
      summary:
        '{{ $labels.consumergroup }} is {{ $value | humanize }} records behind on {{ $labels.topic }}, and falls back',
    },
    {
      name: 'ConsumerLagOverTarget',
      severity: 'critical',
      measures: [lagSeconds, lagTarget],
      expr: `${lagSeconds} > on (group) group_left () ${lagTarget}`,
      holdSeconds: 2 * MINUTE,
      summary:
        '{{ $labels.group }} is {{ $value | humanizeDuration }} behind on {{ $labels.topic }}, over its target',
    },
    {
      name: 'ConsumerGroupWithoutMembers',
      severity: 'critical',
      measures: [expectedMembers, members, groupsAge],
      // A group that nobody ever joined has no series at all. With a stale monitor no group has one.
      expr: `(${expectedMembers} unless on (consumergroup) (${members} > 0)) and on () (${groupsAge} < ${FRESH_SECONDS})`,
      holdSeconds: MINUTE,
      summary: 'nobody reads for {{ $labels.consumergroup }}',
    },
    {
      name: 'ConsumerGroupShort',
      severity: 'warning',
      measures: [members, expectedMembers],
      expr: `${members} < on (consumergroup) group_left () ${expectedMembers} and ${members} > 0`,
      holdSeconds: 2 * MINUTE,
      summary: '{{ $labels.consumergroup }} has only {{ $value }} members',
    },
    {
      name: 'ConsumerStalled',
      severity: 'critical',
      measures: ['kafka_consumergroup_lag', progress],
      // Nothing was ever committed where the offset has no series: that is no progress either.
      expr: `kafka_consumergroup_lag > 0 unless on (consumergroup, topic, partition) (${progress} > 0)`,
      holdSeconds: 5 * MINUTE,
      summary:
        '{{ $labels.consumergroup }} does not get on in {{ $labels.topic }}-{{ $labels.partition }}, with {{ $value }} records to do',
    },
    {
      name: 'DeadLettersGrowing',
      severity: 'warning',
      measures: [deadLetters, newDeadLetters],
      expr: `${deadLetters} > 0 and ${newDeadLetters} > 0`,
      holdSeconds: 0,
      summary: '{{ $labels.topic }} has new dead letters; {{ $value }} in all',
    },
    {
      name: 'ConsumerBreakerOpen',
      severity: 'critical',
      measures: [breaker],
      expr: `${breaker} > 0`,
      holdSeconds: MINUTE,
      summary: '{{ $labels.client }} of {{ $labels.group }} has stopped reading and waits',
    },
    {
      name: 'RecordsLostToRetention',
      severity: 'critical',
      measures: [lost],
      expr: `${lost} > 0`,
      holdSeconds: 0,
      summary:
        '{{ $value | humanize }} records of {{ $labels.topic }} were deleted before {{ $labels.consumergroup }} read them',
    },
  ];
}
