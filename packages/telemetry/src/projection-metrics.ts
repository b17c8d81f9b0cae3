import type { ProjectionHealth } from '@sori/stream';
import { Gauge, type Registry } from 'prom-client';

/** One member of a projection. */
interface Member {
  readonly labels: { readonly group: string; readonly client: string };
  readonly health: () => ProjectionHealth;
}

const MEMBER = ['group', 'client'] as const;
const PARTITION = [...MEMBER, 'topic', 'partition'] as const;

/**
 * The metrics of all projections of one registry: how far the results are, which the group's committed
 * offsets follow up to a second later, and not at all while the store is away.
 */
export class ProjectionMetricsFamily {
  readonly #members: Member[] = [];

  constructor(registry: Registry) {
    const registers = [registry];
    const members = this.#members;
    new Gauge({
      registers,
      labelNames: PARTITION,
      name: 'sori_projection_lag_records',
      help: "Records between the stored position and the partition's end, as last seen by its owner",
      collect() {
        this.reset();
        for (const { labels, health } of members) {
          for (const { topic, partition, position, endOffset } of health().assignment) {
            if (endOffset === undefined) continue;
            const lag = Math.max(0, endOffset - (position ?? 0));
            this.set({ ...labels, topic, partition: String(partition) }, lag);
          }
        }
      },
    });
    new Gauge({
      registers,
      labelNames: MEMBER,
      name: 'sori_projection_failing_seconds',
      help: 'How long some partition has not got on because its transactions fail; 0 while all is well',
      collect() {
        for (const { labels, health } of members) {
          this.set({ ...labels }, (health().failingForMs ?? 0) / 1_000);
        }
      },
    });
  }

  add(group: string, client: string, health: () => ProjectionHealth): void {
    this.#members.push({ labels: { group, client }, health });
  }
}
