import type { Catalog } from '@sori/contract';
import type { ObservedPartition } from '@sori/kafka';
import type { Clock } from '@sori/stream';
import { Counter, Gauge, type Registry } from 'prom-client';
import {
  type ClusterWatch,
  PARTS,
  type WatchedGroup,
  type WatchedLag,
  type WatchListener,
} from './cluster-watch.ts';

type Labels = Readonly<Record<string, string>>;
/** Sets the value of one series. */
type Say = (labels: Labels, value: number) => void;

/** Counts looks, for a registry. */
export function watchCounters(registry: Registry): WatchListener {
  const registers = [registry];
  const looks = new Counter({
    registers,
    name: 'sori_monitor_looks_total',
    help: 'Looks at the cluster that succeeded',
    labelNames: ['part'],
  });
  const errors = new Counter({
    registers,
    name: 'sori_monitor_look_errors_total',
    help: 'Looks at the cluster that failed',
    labelNames: ['part', 'reason'],
  });
  const duration = new Gauge({
    registers,
    name: 'sori_monitor_look_duration_seconds',
    help: 'How long the last look took that succeeded',
    labelNames: ['part'],
  });
  for (const part of PARTS) {
    looks.inc({ part }, 0);
    // From 0, or the first failure would not show as an increase.
    errors.inc({ part, reason: 'unavailable' }, 0);
  }
  return {
    looked(part, durationMs) {
      looks.inc({ part });
      duration.set({ part }, durationMs / 1_000);
    },
    failed: (part, reason) => errors.inc({ part, reason }),
  };
}

export interface ExportOptions {
  readonly registry: Registry;
  readonly watch: ClusterWatch;
  readonly catalog: Catalog;
  readonly clock: Clock;
}

/** Exports what a watch last saw, whenever metrics are read. What is not known has no series. */
export function exportWatch(options: ExportOptions): void {
  exportCatalog(options);
  exportWatchState(options);
  exportTopics(options);
  exportGroups(options);
}

function gauge(
  registry: Registry,
  name: string,
  labelNames: readonly string[],
  help: string,
  collect: (say: Say) => void,
): void {
  new Gauge({
    registers: [registry],
    name,
    help,
    labelNames,
    collect() {
      // Topics, groups and brokers come and go: a series of one that went must go too.
      this.reset();
      collect((labels, value) => this.set(labels, value));
    },
  });
}

/** What was asked for, so that a chart can draw it beside what is. */
function exportCatalog({ registry, catalog }: ExportOptions): void {
  const sources = catalog.topics.filter(({ deadLettersOf }) => deadLettersOf === undefined);
  const name = 'sori_topic_expected_records_per_second';
  gauge(registry, name, ['topic'], 'Records a second that the catalog expects', (say) => {
    for (const topic of sources) say({ topic: topic.name }, topic.expectedLoad.eventsPerSecond);
  });
  const bytes = 'sori_topic_expected_bytes_per_second';
  gauge(registry, bytes, ['topic'], 'Value bytes a second that the catalog expects', (say) => {
    for (const topic of sources) say({ topic: topic.name }, topic.expectedLoad.bytesPerSecond);
  });
}

function exportWatchState({ registry, watch }: ExportOptions): void {
  const age = 'sori_monitor_snapshot_age_seconds';
  gauge(registry, age, ['part'], 'Seconds since the cluster was last seen', (say) => {
    for (const part of PARTS) say({ part }, watch.ageOf(part) / 1_000);
  });
  const leftOut = 'sori_monitor_left_out';
  gauge(registry, leftOut, ['part'], 'Topics and groups that are beyond the limits', (say) => {
    for (const part of PARTS) say({ part }, watch.leftOut[part]);
  });
}

function exportTopics({ registry, watch, catalog }: ExportOptions): void {
  gauge(registry, 'kafka_brokers', [], 'Brokers that are up', (say) => {
    say({}, watch.brokers.filter(({ isUp }) => isUp).length);
  });
  gauge(registry, 'kafka_broker_up', ['broker'], '1 for a broker that is up, else 0', (say) => {
    for (const { id, isUp } of watch.brokers) say({ broker: String(id) }, isUp ? 1 : 0);
  });
  gauge(registry, 'kafka_topic_partitions', ['topic'], 'Partitions of the topic', (say) => {
    for (const { name, partitions } of watch.topics?.topics ?? []) {
      say({ topic: name }, partitions.length);
    }
  });

  const partitions = (
    name: string,
    help: string,
    value: (partition: ObservedPartition) => number | undefined,
  ): void =>
    gauge(registry, name, ['topic', 'partition'], help, (say) => {
      for (const topic of watch.topics?.topics ?? []) {
        for (const partition of topic.partitions) {
          const known = value(partition);
          const labels = { topic: topic.name, partition: String(partition.partition) };
          if (known !== undefined) say(labels, known);
        }
      }
    });
  const earliest = ({ offsets }: ObservedPartition) => offsets?.earliest;
  partitions(
    'kafka_topic_partition_current_offset',
    'The next offset to be written',
    ({ offsets }) => offsets?.end,
  );
  partitions('kafka_topic_partition_earliest_offset', 'The first offset still there', earliest);
  partitions('kafka_topic_partition_oldest_offset', 'The first offset still there', earliest);
  partitions(
    'kafka_topic_partition_leader',
    'Node id of the leader, -1 for none',
    ({ leader }) => leader ?? -1,
  );
  partitions(
    'kafka_topic_partition_replicas',
    'Replicas that there are to be',
    ({ replicas }) => replicas.length,
  );
  partitions(
    'kafka_topic_partition_in_sync_replica',
    'Replicas that are in sync',
    ({ inSync }) => inSync.length,
  );
  partitions(
    'kafka_topic_partition_under_replicated_partition',
    '1 while a replica is not in sync, else 0',
    ({ replicas, inSync }) => (inSync.length < replicas.length ? 1 : 0),
  );

  const name = 'sori_dead_letter_records';
  gauge(registry, name, ['topic', 'source'], 'Records in a dead-letter topic', (say) => {
    for (const topic of watch.topics?.topics ?? []) {
      const source = catalog.findTopic(topic.name)?.deadLettersOf;
      const offsets = topic.partitions.flatMap((partition) => partition.offsets ?? []);
      if (source === undefined || offsets.length < topic.partitions.length) continue;
      const records = offsets.reduce((sum, { earliest, end }) => sum + end - earliest, 0);
      say({ topic: topic.name, source }, records);
    }
  });
}

function exportGroups({ registry, watch, clock }: ExportOptions): void {
  const members = 'kafka_consumergroup_members';
  gauge(registry, members, ['consumergroup'], 'Members of the group', (say) => {
    for (const { group, members } of watch.groups ?? []) {
      say({ consumergroup: group }, members.length);
    }
  });
  const sum = 'kafka_consumergroup_lag_sum';
  gauge(registry, sum, ['consumergroup', 'topic'], 'Records not done, over a topic', (say) => {
    for (const { group, lag } of watch.groups ?? []) {
      for (const [topic, records] of lagByTopic(lag)) say({ consumergroup: group, topic }, records);
    }
  });

  /** `groupLabel`: kafka_exporter's name for the group, or the one that clients' metrics use. */
  const partitions = (
    name: string,
    groupLabel: 'consumergroup' | 'group',
    help: string,
    value: (lag: WatchedLag) => number | undefined,
  ): void =>
    gauge(registry, name, [groupLabel, 'topic', 'partition'], help, (say) => {
      for (const { group, lag } of watch.groups ?? []) {
        for (const of of lag) {
          const known = value(of);
          const labels = { topic: of.topic, partition: String(of.partition) };
          if (known !== undefined) say({ [groupLabel]: group, ...labels }, known);
        }
      }
    });
  const records = ({ lag }: WatchedLag) => lag;
  const undone = "Records between the committed offset and the partition's end";
  partitions('kafka_consumer_lag', 'group', undone, records);
  partitions('kafka_consumergroup_lag', 'consumergroup', undone, records);
  partitions(
    'kafka_consumergroup_current_offset',
    'consumergroup',
    'The next offset that the group reads; absent where it has committed none',
    ({ committed }) => committed ?? undefined,
  );
  partitions(
    'kafka_consumer_lag_seconds',
    'group',
    'Age of the first record that is not done, by its timestamp; 0 where all are',
    (lag) => ageSeconds(lag, clock.now()),
  );
  partitions(
    'kafka_consumergroup_lost_records',
    'consumergroup',
    'Records that retention removed before the group read them',
    ({ lost }) => lost,
  );
}

function lagByTopic(lag: WatchedGroup['lag']): ReadonlyMap<string, number> {
  const byTopic = new Map<string, number>();
  for (const { topic, lag: records } of lag) {
    byTopic.set(topic, (byTopic.get(topic) ?? 0) + records);
  }
  return byTopic;
}

function ageSeconds({ lag, firstUndoneAt }: WatchedLag, now: number): number | undefined {
  if (lag === 0) return 0;
  // A producer's clock may be ahead of ours.
  return firstUndoneAt === undefined ? undefined : Math.max(0, now - firstUndoneAt) / 1_000;
}
