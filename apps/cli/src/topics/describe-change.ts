import type { ChangeClass, TopicChange } from '@sori/kafka';
import colors from 'picocolors';
import { percent } from '../format.ts';

const CLASS_IN_WORDS: Readonly<Record<ChangeClass, string>> = {
  safe: 'safe',
  'breaks-ordering': 'breaks ordering',
  'loses-data': 'loses data',
  impossible: 'impossible',
};

const COLOR: Readonly<Record<ChangeClass, (text: string) => string>> = {
  safe: colors.green,
  'breaks-ordering': colors.yellow,
  'loses-data': colors.red,
  impossible: colors.red,
};

/** A change as a row of a table: topic, what, its class, why. */
export function describeChange(change: TopicChange): readonly string[] {
  const name = COLOR[change.class](CLASS_IN_WORDS[change.class]);
  return [change.topic, whatChanges(change), name, why(change)];
}

function whatChanges(change: TopicChange): string {
  switch (change.kind) {
    case 'create':
      return `create: ${change.partitions} partitions, ${change.replicationFactor} replicas`;
    case 'partitions':
      return `partitions: ${change.from} → ${change.to}`;
    case 'replication-factor': {
      const { fewest, most } = change.from;
      return `replicas: ${fewest === most ? most : `${fewest} to ${most}`} → ${change.to}`;
    }
    case 'setting':
      return `${change.setting}: ${change.from ?? '?'} → ${change.to ?? "the brokers' default"}`;
  }
}

function why(change: TopicChange): string {
  if (change.kind !== 'partitions' || change.movedKeys === 0) return change.reason;
  return `${percent(change.movedKeys)} of the keys move: ${change.reason}`;
}
