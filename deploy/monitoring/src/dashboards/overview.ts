import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalog } from '@sori/chat-events';
import { dashboard } from './dashboard.ts';
import { badFrom, chart, goodFrom, stat } from './panels.ts';

const BROKERS = 3;
const ACK_TARGET_SECONDS = 0.05;
const QUARTER = 6;

/** What was asked for, topic by topic, against what is; then the way of an event. */
export function overviewDashboard(): DashboardBuilder {
  const sources = catalog.topics.filter(({ deadLettersOf }) => deadLettersOf === undefined);
  return dashboard({
    uid: 'sori-overview',
    title: 'Sori: overview',
    description:
      'Whether events flow as they should: load against what the catalog expects, delays, trouble.',
    rows: [
      {
        title: 'Now',
        panels: [
          stat({
            title: 'Brokers up',
            description: 'As the cluster and its answers say.',
            unit: 'short',
            query: { expr: 'kafka_brokers', legend: 'brokers' },
            steps: goodFrom(BROKERS),
          }),
          stat({
            title: 'Services down',
            description: 'Processes that Prometheus knows and that do not answer.',
            unit: 'short',
            query: { expr: 'count(up{job="sori"}) - sum(up{job="sori"})', legend: 'down' },
            steps: badFrom(1),
          }),
          stat({
            title: 'Records a second',
            description: 'What the brokers take, over all topics.',
            unit: 'short',
            query: { expr: 'sum(sori:topic_records:rate)', legend: 'records' },
            steps: [{ value: null, color: 'blue' }],
          }),
          stat({
            title: 'Oldest undone record',
            description: 'The age of the oldest record that some group has still to do.',
            unit: 's',
            query: { expr: 'max(sori:consumergroup_lag_seconds:max)', legend: 'age' },
            steps: badFrom(5),
          }),
          stat({
            title: 'Dead letters',
            description:
              'Records in all dead-letter topics; each stays for 30 days, redriven or not.',
            unit: 'short',
            query: { expr: 'sum(sori_dead_letter_records)', legend: 'dead letters' },
            steps: badFrom(1),
          }),
          stat({
            title: 'Open streams',
            description: 'Connections of pages, over all edges.',
            unit: 'short',
            query: { expr: 'sum(sori_edge_connections)', legend: 'streams' },
            steps: [{ value: null, color: 'blue' }],
          }),
        ],
      },
      {
        title: 'Load against what the catalog expects',
        panels: sources.flatMap(({ name }) => [
          chart({
            title: `${name}: records a second`,
            description:
              'What the brokers took, whoever sent it. The dashed line is the expected load.',
            unit: 'short',
            width: QUARTER,
            queries: [{ expr: `sori:topic_records:rate{topic="${name}"}`, legend: 'records' }],
            target: `sori_topic_expected_records_per_second{topic="${name}"}`,
          }),
          chart({
            title: `${name}: bytes a second`,
            description: 'Value bytes before compression. The dashed line is the expected load.',
            unit: 'Bps',
            width: QUARTER,
            queries: [
              { expr: `sum(sori:topic_bytes:rate{topic="${name}"}) or vector(0)`, legend: 'bytes' },
            ],
            target: `sori_topic_expected_bytes_per_second{topic="${name}"}`,
          }),
        ]),
      },
      {
        title: 'The way of an event',
        panels: [
          chart({
            title: 'HTTP, 99th percentile',
            description:
              'From a request to the end of its answer: for a message, its acknowledgement by every in-sync replica.',
            unit: 's',
            queries: [{ expr: 'sori:http_request_seconds:p99', legend: '{{service}}' }],
          }),
          chart({
            title: 'Acknowledgement, 99th percentile',
            description: 'From the send of a batch to its acknowledgement.',
            unit: 's',
            queries: [
              { expr: 'sori:producer_request_seconds:p99', legend: '{{service}} {{topic}}' },
            ],
            target: `vector(${ACK_TARGET_SECONDS})`,
          }),
          chart({
            title: 'Event to screen',
            description: "From an event's own time to its write to the connections of an edge.",
            unit: 's',
            queries: [
              { expr: 'sori:edge_delivery_seconds:p50', legend: 'half of them within' },
              { expr: 'sori:edge_delivery_seconds:p99', legend: '99 in 100 within' },
            ],
          }),
          chart({
            title: 'Requests',
            description: 'Answers a second, by status.',
            unit: 'reqps',
            queries: [
              {
                expr: 'sum by (service, status) (rate(http_requests_total[$__rate_interval]))',
                legend: '{{service}} {{status}}',
              },
            ],
          }),
          chart({
            title: 'Outbox',
            description: 'The age of the oldest row that waits to be published.',
            unit: 's',
            queries: [{ expr: 'max(sori_outbox_oldest_age_seconds)', legend: 'oldest row' }],
          }),
          chart({
            title: 'Streams and resumes',
            description:
              'How pages that came back were served: from memory, from the log, or reset to start anew.',
            unit: 'short',
            queries: [
              {
                expr: 'sum by (source) (rate(sori_edge_replays_total[$__rate_interval]))',
                legend: '{{source}} a second',
              },
            ],
          }),
        ],
      },
      {
        title: 'Processes',
        panels: [
          chart({
            title: 'Processor',
            description: 'Seconds of processor time a second: 1 is a core.',
            unit: 'short',
            queries: [
              {
                expr: 'rate(process_cpu_seconds_total{job="sori"}[$__rate_interval])',
                legend: '{{instance}}',
              },
            ],
          }),
          chart({
            title: 'Memory',
            description: 'Resident bytes.',
            unit: 'bytes',
            queries: [
              { expr: 'process_resident_memory_bytes{job="sori"}', legend: '{{instance}}' },
            ],
          }),
          chart({
            title: 'Event loop',
            description:
              'How late timers come, 99th percentile: a process that is busy with one thing.',
            unit: 's',
            queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds', legend: '{{instance}}' }],
          }),
        ],
      },
    ],
  });
}
