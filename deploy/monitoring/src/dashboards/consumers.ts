import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { badFrom, chart, stat } from './panels.ts';

const HALF = 12;

/** Who reads, how far behind, and what becomes of records. */
export function consumersDashboard(): DashboardBuilder {
  const groups = 'consumergroup=~"$group"';
  const members = 'group=~"$group"';
  return dashboard({
    uid: 'sori-consumers',
    title: 'Sori: consumers',
    description: 'Consumer groups: lag in records and in seconds, members, outcomes, dead letters.',
    variables: [{ name: 'group', metric: 'kafka_consumergroup_members', label: 'consumergroup' }],
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Records to do',
            description: 'Over the groups chosen.',
            unit: 'short',
            width: 6,
            query: { expr: `sum(sori:consumergroup_lag:sum{${groups}})`, legend: 'records' },
            steps: badFrom(1_000),
          }),
          stat({
            title: 'Oldest of them',
            description: 'Measured from the timestamp of the first record that is not done.',
            unit: 's',
            width: 6,
            query: { expr: `max(sori:consumergroup_lag_seconds:max{${members}})`, legend: 'age' },
            steps: badFrom(5),
          }),
          stat({
            title: 'Breakers open',
            description:
              'Members that wait for a dependency instead of pouring records into dead letters.',
            unit: 'short',
            width: 6,
            query: { expr: `sum(kafka_consumer_breaker_open{${members}})`, legend: 'open' },
            steps: badFrom(1),
          }),
          stat({
            title: 'Lost to retention',
            description: 'Records that were deleted before a group read them.',
            unit: 'short',
            width: 6,
            query: { expr: `sum(kafka_consumergroup_lost_records{${groups}})`, legend: 'records' },
            steps: badFrom(1),
          }),
        ],
      },
      {
        title: 'Lag',
        panels: [
          chart({
            title: 'Lag in seconds',
            description:
              'The age of the first record that is not done. Dashed: what the group is held to.',
            unit: 's',
            width: HALF,
            queries: [
              {
                expr: `sori:consumergroup_lag_seconds:max{${members}}`,
                legend: '{{group}} {{topic}}',
              },
            ],
            target: `max(sori:consumergroup_lag_target_seconds{${members}})`,
          }),
          chart({
            title: 'Lag in records',
            description: "Between the committed offset and the topic's end.",
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `sori:consumergroup_lag:sum{${groups}}`,
                legend: '{{consumergroup}} {{topic}}',
              },
            ],
          }),
          chart({
            title: 'Committed records a second',
            description: 'How fast groups get on, as the brokers know it.',
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `sori:consumergroup_records:rate{${groups}}`,
                legend: '{{consumergroup}} {{topic}}',
              },
            ],
          }),
          chart({
            title: 'Lag by member',
            description:
              'Records left in the partitions that each member owns, as it last saw them.',
            unit: 'short',
            width: HALF,
            queries: [
              {
                expr: `sum by (group, client) (kafka_consumer_lag{${members}, client!=""})`,
                legend: '{{client}} {{group}}',
              },
            ],
          }),
        ],
      },
      {
        title: 'Members',
        panels: [
          chart({
            title: 'Members',
            description: 'As the coordinator knows them. Dashed: what the catalog says.',
            unit: 'short',
            queries: [
              { expr: `kafka_consumergroup_members{${groups}}`, legend: '{{consumergroup}}' },
            ],
            target: `sori:consumergroup_expected_members{${groups}}`,
          }),
          chart({
            title: 'Partitions of each member',
            description: 'Even by expected load, not by number.',
            unit: 'short',
            queries: [
              {
                expr: `kafka_consumer_assigned_partitions{${members}}`,
                legend: '{{client}} {{group}}',
              },
            ],
          }),
          chart({
            title: 'Read a second',
            description: 'Records that each member took from the log, over the last 30 seconds.',
            unit: 'short',
            queries: [
              {
                expr: `sum by (group, client) (kafka_consumer_records_consumed_rate{${members}})`,
                legend: '{{client}} {{group}}',
              },
            ],
          }),
        ],
      },
      {
        title: 'What becomes of records',
        panels: [
          chart({
            title: 'Outcomes a second',
            description: 'Records done, by how.',
            unit: 'short',
            queries: [
              {
                expr: `sum by (group, outcome) (rate(kafka_consumer_records_handled_total{${members}}[$__rate_interval]))`,
                legend: '{{group}} {{outcome}}',
              },
            ],
          }),
          chart({
            title: 'Time in handlers, 99th percentile',
            description: 'All tries of a record together.',
            unit: 's',
            queries: [
              {
                expr: `histogram_quantile(0.99, sum by (le, group) (rate(kafka_consumer_handler_duration_seconds_bucket{${members}}[$__rate_interval])))`,
                legend: '{{group}}',
              },
            ],
          }),
          chart({
            title: 'Dead letters',
            description: 'Records in each dead-letter topic.',
            unit: 'short',
            queries: [{ expr: 'sum by (topic) (sori_dead_letter_records)', legend: '{{topic}}' }],
          }),
        ],
      },
    ],
  });
}
