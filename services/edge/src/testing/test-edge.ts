import type { Clock, LogReader } from '@sori/stream';
import { createLogger } from '@sori/telemetry';
import { Registry } from 'prom-client';
import { createDelivery, type Delivery } from '../delivery.ts';
import { DEFAULT_LIMITS, type EdgeLimits } from '../limits.ts';
import { EdgeMetrics } from '../metrics.ts';
import type { PresenceSources } from '../presence/edge-presence.ts';

export const TEST_TOPIC = 'notification.events';

export interface TestEdge extends AsyncDisposable {
  readonly delivery: Delivery;
  /** The value of a metric with one label value, or of one without labels. */
  count(metric: string, label?: string): Promise<number>;
}

/** For tests only: all of an edge but its HTTP. Reads nothing before `delivery.reader.start`. */
export function createTestEdge(
  log: LogReader,
  clock: Clock,
  limits: Partial<EdgeLimits> = {},
  presence?: PresenceSources,
): TestEdge {
  const registry = new Registry();
  const delivery = createDelivery({
    topic: TEST_TOPIC,
    log,
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock,
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: new EdgeMetrics(registry),
    random: () => 0.5,
    presence,
  });
  return {
    delivery,
    async count(metric, label) {
      const { values } = (await registry.getSingleMetric(metric)?.get()) ?? { values: [] };
      const found = values.find(
        ({ labels }) => label === undefined || Object.values(labels).includes(label),
      );
      return found?.value ?? 0;
    },
    [Symbol.asyncDispose]: () => delivery[Symbol.asyncDispose](),
  };
}
