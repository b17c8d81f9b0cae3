import type { GroupCoordinator, LogReader, LogWriter } from '@sori/stream';
import { createKafkaAdmin, type KafkaAdmin } from './admin/admin.ts';
import { type ClusterObserver, createClusterObserver } from './admin/cluster-observer.ts';
import type { KafkaOptions } from './connection.ts';
import { createGroupCoordinator } from './membership/group-coordinator.ts';
import { createLogReader } from './reader/log-reader.ts';
import { createLogWriter } from './writer/log-writer.ts';

/** The ports of @sori/stream on one cluster, and its administration. Disposing it disposes all that it made. */
export interface Kafka extends AsyncDisposable {
  writer(): LogWriter;
  reader(): LogReader;
  coordinator(): GroupCoordinator;
  admin(): KafkaAdmin;
  observer(): ClusterObserver;
}

/** Nothing connects until it is used. */
export function createKafka(options: KafkaOptions): Kafka {
  const made = new Set<AsyncDisposable>();
  const keep = <T extends AsyncDisposable>(port: T): T => {
    made.add(port);
    return port;
  };
  return {
    writer: () => keep(createLogWriter(options)),
    reader: () => keep(createLogReader(options)),
    coordinator: () => keep(createGroupCoordinator(options)),
    admin: () => keep(createKafkaAdmin(options)),
    observer: () => keep(createClusterObserver(options)),
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(made, (port) => port[Symbol.asyncDispose]()));
      made.clear();
    },
  };
}
