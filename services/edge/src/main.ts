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
import { createHealth, createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { startEdge } from './edge.ts';

/** Runs an edge as its environment says. Disposing it drains. Rejects with ConfigurationError. */
export async function main(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
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
  const { host, port: edgePort, origins, keys, issuer, audience } = config;
  const logger = createLogger({ service: 'edge', level: config.level });

  await using starting = new AsyncDisposableStack();
  const kafka = starting.use(
    createKafka({ brokers: config.brokers, clientId: config.name, logger }),
  );
  starting.use(
    await startEdge({
      host,
      port: edgePort,
      log: kafka.reader(),
      verifier: createTokenVerifier({ ...keys, issuer, audience }),
      origins,
      logger,
      metrics: createMetrics({ service: 'edge' }),
      health: createHealth(),
    }),
  );
  const running = starting.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
}
