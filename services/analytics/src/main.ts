import { catalog } from '@sori/chat-events';
import { brokerList, choice, port, readEnvironment, text, urlOf } from '@sori/config';
import { startOperationalServer } from '@sori/http';
import { createKafka } from '@sori/kafka';
import { createPool } from '@sori/postgres';
import { createHealth, createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { startAnalytics } from './analytics.ts';

/** Starts the analytics of an environment. Disposing it drains it, then closes what it opened. */
export async function main(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
    databaseUrl: urlOf('DATABASE_URL', ['postgres:', 'postgresql:']),
    memberName: text('SORI_MEMBER_NAME', 'analytics-1'),
    host: text('SORI_HEALTH_HOST', '127.0.0.1'),
    port: port('SORI_HEALTH_PORT', 0),
    logLevel: choice('SORI_LOG_LEVEL', LOG_LEVELS, 'info'),
  });
  const { brokers, databaseUrl, host, logLevel, memberName } = config;
  const logger = createLogger({ service: 'analytics', level: logLevel });
  const metrics = createMetrics({ service: 'analytics' });
  const health = createHealth();

  await using opened = new AsyncDisposableStack();
  const kafka = opened.use(createKafka({ brokers, clientId: memberName, logger }));
  const pool = opened.use(createPool({ url: databaseUrl, applicationName: memberName, logger }));
  const server = opened.use(
    await startOperationalServer({ host, port: config.port, health, metrics, logger }),
  );
  opened.use(
    await startAnalytics({
      memberName,
      catalog,
      reader: kafka.reader(),
      coordinator: kafka.coordinator(),
      pool,
      logger,
      metrics,
      health,
    }),
  );
  logger.info({ memberName, url: server.url }, 'analytics started');
  return opened.move();
}
