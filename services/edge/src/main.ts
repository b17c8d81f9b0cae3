import {
  brokerList,
  choice,
  exactlyOne,
  list,
  port,
  readEnvironment,
  secretText,
  text,
  urlOf,
} from '@sori/config';
import { createTokenVerifier } from '@sori/http';
import { createKafka } from '@sori/kafka';
import { createPool, friendsOf } from '@sori/postgres';
import { createHealth, createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { startEdge } from './edge.ts';

/** Only lists of friends are read, a few at a time. */
const POOL_CONNECTIONS = 4;

/** Runs an edge as its environment says. Disposing it drains. Rejects with ConfigurationError. */
export async function main(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
    databaseUrl: urlOf('DATABASE_URL', ['postgres:', 'postgresql:']),
    host: text('SORI_EDGE_HOST', '127.0.0.1'),
    port: port('SORI_EDGE_PORT', 8081),
    origins: list('SORI_EDGE_ORIGINS', []),
    keys: exactlyOne({
      secret: secretText('SORI_JWT_SECRET', { minLength: 32 }),
      jwksUrl: urlOf('SORI_JWKS_URL', ['https:', 'http:']),
    }),
    issuer: text('SORI_JWT_ISSUER', 'sori'),
    audience: text('SORI_JWT_AUDIENCE', 'sori'),
    name: text('SORI_MEMBER_NAME', 'edge'),
    level: choice('SORI_LOG_LEVEL', LOG_LEVELS, 'info'),
  });
  const { host, port: edgePort, origins, keys, issuer, audience, name } = config;
  const logger = createLogger({ service: 'edge', level: config.level });

  await using starting = new AsyncDisposableStack();
  const pool = starting.use(
    createPool({ url: config.databaseUrl, applicationName: name, logger, max: POOL_CONNECTIONS }),
  );
  const kafka = starting.use(createKafka({ brokers: config.brokers, clientId: name, logger }));
  starting.use(
    await startEdge({
      host,
      port: edgePort,
      log: kafka.reader(),
      verifier: createTokenVerifier({ ...keys, issuer, audience }),
      origins,
      presence: {
        edgeId: name,
        reader: kafka.reader(),
        writer: kafka.writer(),
        friendsOf: (userId) => friendsOf(pool, userId),
      },
      logger,
      metrics: createMetrics({ service: 'edge' }),
      health: createHealth(),
    }),
  );
  const running = starting.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
}
