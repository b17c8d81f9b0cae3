import type { Alert } from './alert.ts';

const MINUTE = 60;

/** Several looks of the monitor's. */
const STALE_SECONDS = 30;

/** What can go wrong with brokers, and with what watches them. */
export function brokerAlerts(): readonly Alert[] {
  const underReplicated = 'sum by (topic) (kafka_topic_partition_under_replicated_partition)';
  const age = 'max by (part) (sori_monitor_snapshot_age_seconds)';
  return [
    {
      name: 'BrokerDown',
      severity: 'critical',
      measures: ['kafka_broker_up'],
      expr: 'kafka_broker_up == 0',
      holdSeconds: MINUTE,
      summary: 'broker {{ $labels.broker }} does not answer',
    },
    {
      name: 'PartitionsUnderReplicated',
      severity: 'warning',
      measures: [underReplicated],
      expr: `${underReplicated} > 0`,
      holdSeconds: 2 * MINUTE,
      summary: '{{ $value }} partitions of {{ $labels.topic }} have a replica that is not in sync',
    },
    {
      name: 'PartitionsWithoutLeader',
      severity: 'critical',
      measures: ['kafka_topic_partition_leader'],
      expr: 'count by (topic) (kafka_topic_partition_leader < 0)',
      holdSeconds: MINUTE / 2,
      summary: '{{ $value }} partitions of {{ $labels.topic }} can be neither written nor read',
    },
    {
      name: 'MonitorStale',
      severity: 'warning',
      measures: [age],
      expr: `${age} > ${STALE_SECONDS} or absent(sori_monitor_snapshot_age_seconds)`,
      holdSeconds: MINUTE,
      summary: 'the monitor does not see the cluster: alerts on brokers, groups and lag are blind',
    },
    {
      name: 'ServiceDown',
      severity: 'critical',
      measures: ['up{job="sori"}'],
      expr: 'up{job="sori"} == 0',
      holdSeconds: MINUTE,
      summary: '{{ $labels.instance }} does not answer',
    },
  ];
}
