import type { OutboxBacklog } from '@sori/postgres';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What a relay counts. */
export interface RelayMetrics {
  published(topic: string): void;
  /** A try failed; `code` is the error's. */
  failed(topic: string, code: string): void;
  parked(topic: string): void;
  /** Whether this relay is the one that publishes. */
  active(active: boolean): void;
  backlog(backlog: OutboxBacklog): void;
}

/** Counts in a Prometheus registry. Every relay reports the backlog, whoever publishes. */
export function createRelayMetrics(registry: Registry): RelayMetrics {
  const registers = [registry];
  const published = new Counter({
    name: 'sori_outbox_published_total',
    help: 'Outbox rows that the log has acknowledged',
    labelNames: ['topic'],
    registers,
  });
  const failures = new Counter({
    name: 'sori_outbox_failures_total',
    help: 'Tries to publish an outbox row that failed, by error code',
    labelNames: ['topic', 'code'],
    registers,
  });
  const parked = new Counter({
    name: 'sori_outbox_parked_total',
    help: 'Outbox rows that were set aside because nothing can publish them',
    labelNames: ['topic'],
    registers,
  });
  const active = new Gauge({
    name: 'sori_outbox_relay_active',
    help: '1 for the relay that publishes, 0 for a standby',
    registers,
  });
  const rows = new Gauge({
    name: 'sori_outbox_backlog_rows',
    help: 'Outbox rows that wait to be published',
    registers,
  });
  const oldest = new Gauge({
    name: 'sori_outbox_oldest_age_seconds',
    help: 'Age of the oldest outbox row that waits to be published',
    registers,
  });
  const parkedRows = new Gauge({
    name: 'sori_outbox_parked_rows',
    help: 'Outbox rows that are set aside and wait for an operator',
    registers,
  });
  return {
    published: (topic) => published.inc({ topic }),
    failed: (topic, code) => failures.inc({ topic, code }),
    parked: (topic) => parked.inc({ topic }),
    active: (is) => active.set(is ? 1 : 0),
    backlog({ waitingRows, oldestAgeSeconds, parkedRows: setAside }) {
      rows.set(waitingRows);
      oldest.set(oldestAgeSeconds);
      parkedRows.set(setAside);
    },
  };
}
