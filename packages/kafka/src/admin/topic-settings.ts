import type { Compression, TopicDefinition } from '@sori/contract';

/** What Kafka takes as "no limit". */
export const UNLIMITED = '-1';

/**
 * The settings of a topic in Kafka's own names and values. Those that decide what is kept, what is
 * accepted and how it is stored are always among them, so that a broker's default cannot decide
 * instead; segments only where the topic says something of them.
 */
export function topicSettings(topic: TopicDefinition): ReadonlyMap<string, string> {
  const { retention, segment } = topic;
  const settings: readonly (readonly [string, number | string | undefined])[] = [
    ['cleanup.policy', topic.cleanup],
    ['compression.type', compressionType(topic.compression)],
    ['max.message.bytes', topic.maxMessageBytes],
    ['min.insync.replicas', topic.minInsyncReplicas],
    ['retention.bytes', retention.bytes ?? UNLIMITED],
    ['retention.ms', retention.ms],
    ['segment.bytes', segment.bytes],
    ['segment.ms', segment.ms],
  ];
  return new Map(
    settings.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/**
 * Producers compress with the topic's codec, so naming the same one stores batches as they come.
 * Without a codec the broker must not undo what another producer compressed: `producer`.
 */
function compressionType(compression: Compression): string {
  return compression === 'none' ? 'producer' : compression;
}
