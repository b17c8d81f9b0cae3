import { catalog, chatEvents, friendEvents, userEvents } from '@sori/chat-events';
import { brokerList, choice, port, readEnvironment, text, urlOf } from '@sori/config';
import { startOperationalServer } from '@sori/http';
import { createKafka } from '@sori/kafka';
import { createHealth, createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { createRelayMetrics } from './metrics.ts';
import { type Relay, startRelay } from './relay.ts';

/** What the gateway writes together with its tables. */
const OUTBOX_TOPICS = [userEvents, friendEvents, chatEvents].map(({ name }) => name);

/** A relay in a process of its own. Disposing it drains. */
export interface RelayService extends AsyncDisposable {
  /** Where /healthz, /readyz and /metrics are, as `http://127.0.0.1:9100`. */
  readonly url: string;
}

/** Runs a relay as its environment says; rejects with ConfigurationError. */
export async function main(environment: NodeJS.ProcessEnv): Promise<RelayService> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
    databaseUrl: urlOf('DATABASE_URL', ['postgres:', 'postgresql:']),
    host: text('SORI_HEALTH_HOST', '127.0.0.1'),
    port: port('SORI_HEALTH_PORT', 0),
    name: text('SORI_MEMBER_NAME', 'relay'),
    level: choice('SORI_LOG_LEVEL', LOG_LEVELS, 'info'),
  });
  const logger = createLogger({ service: 'relay', level: config.level });
  const metrics = createMetrics({ service: 'relay' });
  const health = createHealth();

  await using starting = new AsyncDisposableStack();
  const kafka = starting.use(
    createKafka({ brokers: config.brokers, clientId: config.name, logger }),
  );
  let relay: Relay | undefined;
  health.ready('relay', () => (relay === undefined ? 'starting' : relay.problem()));
  const { host, port: healthPort } = config;
  const { url } = starting.use(
    await startOperationalServer({ host, port: healthPort, health, metrics, logger }),
  );
  relay = starting.use(
    await startRelay({
      databaseUrl: config.databaseUrl,
      publishing: {
        catalog,
        log: kafka.writer(),
        source: '/sori/relay',
        metrics: metrics.publisher(config.name),
      },
      topics: OUTBOX_TOPICS,
      logger,
      metrics: createRelayMetrics(metrics.registry),
    }),
  );
  starting.defer(() => health.drain());
  const running = starting.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
