import { catalog } from '@sori/chat-events';
import { brokerList, choice, port, readEnvironment, text } from '@sori/config';
import { startOperationalServer } from '@sori/http';
import { createKafka } from '@sori/kafka';
import { createHealth, createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { startMonitor } from './monitor.ts';

/** A monitor in a process of its own. Disposing it ends it. */
export interface MonitorService extends AsyncDisposable {
  /** Where /healthz, /readyz and /metrics are, as `http://127.0.0.1:9100`. */
  readonly url: string;
}

/** As often as a Prometheus scrapes: seconds, or more often where somebody waits for it. */
const LOOK_EVERY = ['5s', '1s', '15s', '60s'] as const;
const LOOK_EVERY_MS = { '1s': 1_000, '5s': 5_000, '15s': 15_000, '60s': 60_000 } as const;

/** Runs a monitor as its environment says; rejects with ConfigurationError. */
export async function main(environment: NodeJS.ProcessEnv): Promise<MonitorService> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
    host: text('SORI_HEALTH_HOST', '127.0.0.1'),
    port: port('SORI_HEALTH_PORT', 0),
    name: text('SORI_MEMBER_NAME', 'monitor'),
    lookEvery: choice('SORI_MONITOR_INTERVAL', LOOK_EVERY, '5s'),
    level: choice('SORI_LOG_LEVEL', LOG_LEVELS, 'info'),
  });
  const logger = createLogger({ service: 'monitor', level: config.level });
  const metrics = createMetrics({ service: 'monitor' });
  const health = createHealth();

  await using starting = new AsyncDisposableStack();
  const kafka = starting.use(
    createKafka({ brokers: config.brokers, clientId: config.name, logger }),
  );
  const { host, port: healthPort } = config;
  const { url } = starting.use(
    await startOperationalServer({ host, port: healthPort, health, metrics, logger }),
  );
  starting.use(
    startMonitor({
      catalog,
      observer: kafka.observer(),
      reader: kafka.reader(),
      logger,
      metrics,
      health,
      limits: { lookEveryMs: LOOK_EVERY_MS[config.lookEvery] },
    }),
  );
  starting.defer(() => health.drain());
  logger.info({ url }, 'monitor started');
  const running = starting.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
