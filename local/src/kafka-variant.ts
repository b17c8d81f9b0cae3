import { join } from 'node:path';

/** Who keeps the cluster's state: the brokers themselves (KRaft, Kafka 4), or ZooKeeper (Kafka 3.6). */
export type KafkaVariant = 'kraft' | 'zookeeper';

/** What differs between the two, apart from their properties. */
export interface VariantFiles {
  /** Names the jars. */
  readonly pom: string;
  /** JVM arguments that send a server's log to a file. */
  readonly logging: (file: string) => readonly string[];
  /** What stands in a broker's log once it serves. */
  readonly readyText: string;
}

const FOLDER = join(import.meta.dirname, '..', 'kafka');

export const VARIANTS: Readonly<Record<KafkaVariant, VariantFiles>> = {
  kraft: {
    pom: join(FOLDER, 'kraft', 'pom.xml'),
    logging: (file) => [
      `-Dlog4j2.configurationFile=${join(FOLDER, 'kraft', 'log4j2.properties')}`,
      `-Dsori.log.file=${file}`,
    ],
    readyText: 'Kafka Server started',
  },
  zookeeper: {
    pom: join(FOLDER, 'zookeeper', 'pom.xml'),
    logging: (file) => [
      `-Dlog4j.configuration=file:${join(FOLDER, 'zookeeper', 'log4j.properties')}`,
      `-Dsori.log.file=${file}`,
    ],
    readyText: '] started (kafka.server.KafkaServer)',
  },
};
