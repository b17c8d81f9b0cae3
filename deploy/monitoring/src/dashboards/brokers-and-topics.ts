import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { badFrom, chart, stat } from './panels.ts';

const HALF = 12;

/** Replicas, offsets, and who writes. */
export function brokersAndTopicsDashboard(): DashboardBuilder {
  const topics = 'topic=~"$topic"';
  return dashboard({
    uid: 'sori-brokers-and-topics',
    title: 'Sori: brokers and topics',
    description: 'Brokers, replicas, offsets by partition, and those who publish.',
    variables: [{ name: 'topic', metric: 'kafka_topic_partitions', label: 'topic' }],
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Under-replicated partitions',
            description: 'Partitions with a replica that is not in sync.',
            unit: 'short',
            width: 6,
            query: {
              expr: 'sum(kafka_topic_partition_under_replicated_partition)',
              legend: 'partitions',
            },
            steps: badFrom(1),
          }),
          stat({
            title: 'Partitions without a leader',
            description: 'They can be neither written nor read.',
            unit: 'short',
            width: 6,
            query: {
              expr: 'sum(kafka_topic_partition_leader < bool 0)',
              legend: 'partitions',
            },
            steps: badFrom(1),
          }),
          stat({
            title: 'Age of what is shown',
            description: 'How long ago the monitor saw the cluster.',
            unit: 's',
            width: 6,
            query: { expr: 'max(sori_monitor_snapshot_age_seconds)', legend: 'age' },
            steps: badFrom(30),
          }),
          stat({
            title: 'Series left out',
            description: 'Topics and groups beyond the limits of the monitor.',
            unit: 'short',
            width: 6,
            query: { expr: 'sum(sori_monitor_left_out)', legend: 'left out' },
            steps: badFrom(1),
          }),
        ],
      },
      {
        title: 'Brokers',
        panels: [
          chart({
            title: 'Up',
            description: '1 for a broker that answers.',
            unit: 'short',
            queries: [{ expr: 'kafka_broker_up', legend: 'broker {{broker}}' }],
          }),
          chart({
            title: 'Partitions led',
            description: 'Leaders do the work: these should be about as many on each broker.',
            unit: 'short',
            queries: [
              {
                expr: 'count_values("broker", kafka_topic_partition_leader)',
                legend: 'broker {{broker}}',
              },
            ],
          }),
          chart({
            title: 'Replicas missing',
            description: 'Replicas that are not in sync.',
            unit: 'short',
            queries: [
              {
                expr: `sum by (topic) (kafka_topic_partition_replicas{${topics}} - kafka_topic_partition_in_sync_replica{${topics}})`,
                legend: '{{topic}}',
              },
            ],
          }),
        ],
      },
      {
        title: 'Topics',
        panels: [
          chart({
            title: 'Records a second',
            description: 'From the ends of partitions.',
            unit: 'short',
            width: HALF,
            queries: [{ expr: `sori:topic_records:rate{${topics}}`, legend: '{{topic}}' }],
          }),
          chart({
            title: 'Records a second, by partition',
            description: 'One that is far above the others has a hot key.',
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `rate(kafka_topic_partition_current_offset{${topics}}[$__rate_interval])`,
                legend: '{{topic}}-{{partition}}',
              },
            ],
          }),
          chart({
            title: 'Current offset',
            description: 'The next offset to be written, by partition.',
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `kafka_topic_partition_current_offset{${topics}}`,
                legend: '{{topic}}-{{partition}}',
              },
            ],
          }),
          chart({
            title: 'Records that are there',
            description:
              'Between the earliest offset and the current one: it falls when retention deletes.',
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `sum by (topic) (kafka_topic_partition_current_offset{${topics}} - kafka_topic_partition_earliest_offset{${topics}})`,
                legend: '{{topic}}',
              },
            ],
          }),
        ],
      },
      {
        title: 'Those who publish',
        panels: [
          chart({
            title: 'Acknowledged records a second',
            description: 'Over the last 30 seconds, by publisher.',
            unit: 'short',
            queries: [
              {
                expr: `kafka_producer_record_send_rate{${topics}}`,
                legend: '{{client}} {{topic}}',
              },
            ],
          }),
          chart({
            title: 'Mean time to acknowledgement',
            description: 'Over the last 30 seconds; absent when idle.',
            unit: 'ms',
            queries: [
              {
                expr: `kafka_producer_request_latency_avg{${topics}}`,
                legend: '{{client}} {{topic}}',
              },
            ],
          }),
          chart({
            title: 'Records in a batch',
            description: 'Batches grow with load by themselves.',
            unit: 'short',
            queries: [
              {
                expr: `sum by (client, topic) (rate(kafka_producer_records_total{${topics}}[$__rate_interval])) / sum by (client, topic) (rate(kafka_producer_request_latency_seconds_count{${topics}}[$__rate_interval]))`,
                legend: '{{client}} {{topic}}',
              },
            ],
          }),
          chart({
            title: 'Bytes that wait',
            description: 'Past 32 MiB a publisher refuses events.',
            unit: 'bytes',
            queries: [{ expr: 'kafka_producer_buffered_bytes', legend: '{{client}}' }],
          }),
          chart({
            title: 'Refused and failed',
            description: 'Events refused because buffers were full, and records of failed appends.',
            unit: 'short',
            queries: [
              {
                expr: `sum by (client, topic) (rate(kafka_producer_overloaded_total{${topics}}[$__rate_interval]))`,
                legend: '{{client}} {{topic}} refused',
              },
              {
                expr: `sum by (client, topic) (rate(kafka_producer_record_errors_total{${topics}}[$__rate_interval]))`,
                legend: '{{client}} {{topic}} failed',
              },
            ],
          }),
        ],
      },
    ],
  });
}
