import type { Catalog } from '@sori/contract';
import { topicSettings } from './topic-settings.ts';

const HEAD = '# Made from the catalog: sori topics export --format strimzi. Do not edit.';

/** From Strimzi 0.49 on; from 1.0 on it takes no other. */
const API_VERSION = 'kafka.strimzi.io/v1';

/**
 * The catalog as KafkaTopic resources of Strimzi's topic operator, for the Kafka resource that is
 * named. Their own names are those of the topics as far as Kubernetes lets them be.
 */
export function exportStrimzi(
  { topics }: Pick<Catalog, 'topics'>,
  { cluster }: { readonly cluster: string },
): string {
  const resources = topics.map((topic) =>
    [
      `apiVersion: ${API_VERSION}`,
      'kind: KafkaTopic',
      'metadata:',
      `  name: ${text(resourceName(topic.name))}`,
      '  labels:',
      `    strimzi.io/cluster: ${text(cluster)}`,
      'spec:',
      `  topicName: ${text(topic.name)}`,
      `  partitions: ${topic.partitions}`,
      `  replicas: ${topic.replicationFactor}`,
      '  config:',
      ...[...topicSettings(topic)].map(([name, value]) => `    ${name}: ${text(value)}`),
    ].join('\n'),
  );
  return `${HEAD}\n${resources.join('\n---\n')}\n`;
}

/** Kubernetes has no underscores in names: `user.online_status` is `user.online-status`. */
function resourceName(topic: string): string {
  return topic.toLowerCase().replaceAll('_', '-');
}

/** A double-quoted scalar of YAML is a string of JSON. */
function text(value: string): string {
  return JSON.stringify(value);
}
