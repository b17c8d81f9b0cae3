import type { TopicDefinition } from '@sori/contract';
import type { SettingState } from './cluster-state.ts';
import { effectiveRetention } from './effective-retention.ts';

/**
 * How long a topic on a cluster keeps a record at least, in milliseconds, by the settings in effect
 * there; undefined where it never deletes. A limit in bytes counts at the load that the catalog expects
 * of the topic, so for topics of the catalog only.
 */
export function keptForMs(
  settings: ReadonlyMap<string, SettingState>,
  topic?: TopicDefinition,
): number | undefined {
  const policies = settings.get('cleanup.policy')?.value?.split(',') ?? [];
  if (!policies.includes('delete')) return undefined;
  const ms = limitOf(settings, 'retention.ms') ?? Number.POSITIVE_INFINITY;
  const bytes = limitOf(settings, 'retention.bytes');
  const kept =
    topic === undefined
      ? ms
      : effectiveRetention({
          ...topic,
          cleanup: 'delete',
          retention: {
            class: topic.retention.class,
            ms,
            ...(bytes === undefined ? {} : { bytes }),
          },
        })?.atLeastMs;
  return kept === Number.POSITIVE_INFINITY ? undefined : kept;
}

/** Undefined where there is none, which Kafka spells -1. */
function limitOf(settings: ReadonlyMap<string, SettingState>, name: string): number | undefined {
  const value = settings.get(name)?.value;
  if (value === undefined || value === null) return undefined;
  const limit = Number(value);
  return limit >= 0 ? limit : undefined;
}
