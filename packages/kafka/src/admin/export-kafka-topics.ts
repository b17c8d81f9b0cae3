import type { Catalog } from '@sori/contract';
import { topicSettings } from './topic-settings.ts';

const HEAD = `#!/usr/bin/env bash
# Made from the catalog: sori topics export --format kafka-topics. Do not edit.
set -euo pipefail

: "\${BOOTSTRAP_SERVER:=kafka-1:9092}"
# kafka-topics.sh where Kafka comes from Apache.
: "\${KAFKA_TOPICS:=kafka-topics}"
`;

/**
 * The catalog as a bash script for Kafka's own command-line tool, which creates each topic that is
 * not there. It changes none that is: that may lose records, and is for `sori topics plan`.
 */
export function exportKafkaTopics({ topics }: Pick<Catalog, 'topics'>): string {
  const commands = topics.map((topic) => {
    const options = [
      `--topic ${quote(topic.name)}`,
      `--partitions ${topic.partitions}`,
      `--replication-factor ${topic.replicationFactor}`,
      ...[...topicSettings(topic)].map(([name, value]) => `--config ${quote(`${name}=${value}`)}`),
    ];
    const head = '"$KAFKA_TOPICS" --create --if-not-exists --bootstrap-server "$BOOTSTRAP_SERVER"';
    return [head, ...options].join(' \\\n  ');
  });
  return `${[HEAD, ...commands].join('\n')}\n`;
}

/** A word that bash takes as it is, in quotes only where it needs them. */
function quote(word: string): string {
  return /^[\w.=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
