import { GROUP_TARGETS } from './targets.ts';
import { rangeOf, type Timing } from './timing.ts';

export interface RecordingRule {
  /** `level:metric:operation` */
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const RATE_SECONDS = 60;

/** What dashboards and alerts share, so that both mean the same by it. */
export function recordingRules(timing: Timing): readonly RecordingRule[] {
  const rate = (series: string): string => `rate(${series}[${rangeOf(RATE_SECONDS, timing)}])`;
  const quantile = (share: number, series: string, ...by: readonly string[]): string =>
    `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rate(`${series}_bucket`)}))`;
  return [
    {
      // What the brokers took, whoever sent it.
      record: 'sori:topic_records:rate',
      expr: `sum by (topic) (${rate('kafka_topic_partition_current_offset')})`,
    },
    {
      // Value bytes before compression, as the catalog's expected load counts them.
      record: 'sori:topic_bytes:rate',
      expr: `sum by (topic) (${rate('kafka_producer_bytes_total')})`,
    },
    {
      record: 'sori:consumergroup_records:rate',
      expr: `sum by (consumergroup, topic) (${rate('kafka_consumergroup_current_offset')})`,
    },
    {
      record: 'sori:consumergroup_lag:sum',
      expr: 'sum by (consumergroup, topic) (kafka_consumergroup_lag)',
    },
    {
      record: 'sori:consumergroup_lag_seconds:max',
      expr: 'max by (group, topic) (kafka_consumer_lag_seconds)',
    },
    {
      record: 'sori:http_request_seconds:p99',
      expr: quantile(0.99, 'http_request_duration_seconds', 'service'),
    },
    {
      record: 'sori:producer_request_seconds:p99',
      expr: quantile(0.99, 'kafka_producer_request_latency_seconds', 'service', 'topic'),
    },
    {
      record: 'sori:edge_delivery_seconds:p50',
      expr: quantile(0.5, 'sori_edge_delivery_seconds'),
    },
    {
      record: 'sori:edge_delivery_seconds:p99',
      expr: quantile(0.99, 'sori_edge_delivery_seconds'),
    },
    ...GROUP_TARGETS.flatMap(({ group, lagSeconds, members }) => [
      {
        record: 'sori:consumergroup_lag_target_seconds',
        expr: `vector(${lagSeconds})`,
        labels: { group },
      },
      {
        record: 'sori:consumergroup_expected_members',
        expr: `vector(${members})`,
        labels: { consumergroup: group },
      },
    ]),
  ];
}
