import {
  brokerList,
  choice,
  exactlyOne,
  flag,
  optional,
  port,
  readEnvironment,
  secretText,
  text,
  urlOf,
} from '@sori/config';
import { createKafka } from '@sori/kafka';
import { createPool } from '@sori/postgres';
import { createLogger, createMetrics, LOG_LEVELS } from '@sori/telemetry';
import { startGateway } from './start-gateway.ts';

const SECRET_MIN_LENGTH = 32;

/** Runs a gateway as its environment says. Disposing it drains. Rejects with ConfigurationError. */
export async function main(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const config = readEnvironment(environment, {
    brokers: brokerList('KAFKA_BROKERS'),
    databaseUrl: urlOf('DATABASE_URL', ['postgres:', 'postgresql:']),
    tokenKey: exactlyOne({
      secret: secretText('SORI_JWT_SECRET', { minLength: SECRET_MIN_LENGTH }),
      jwksUrl: urlOf('SORI_JWKS_URL', ['https:', 'http:']),
    }),
    issuer: text('SORI_JWT_ISSUER', 'sori'),
    audience: text('SORI_JWT_AUDIENCE', 'sori'),
    development: flag('SORI_DEVELOPMENT'),
    host: text('SORI_GATEWAY_HOST', '127.0.0.1'),
    port: port('SORI_GATEWAY_PORT', 8_080),
    trustProxy: flag('SORI_TRUST_PROXY'),
    edgeUrl: urlOf('SORI_EDGE_URL', ['https:', 'http:'], 'http://127.0.0.1:8081'),
    webRoot: optional(text('SORI_WEB_ROOT')),
    name: text('SORI_MEMBER_NAME', 'gateway'),
    level: choice('SORI_LOG_LEVEL', LOG_LEVELS, 'info'),
  });
  const { audience, brokers, databaseUrl, issuer, level, name, tokenKey, ...options } = config;
  const logger = createLogger({ service: 'gateway', level });
  const metrics = createMetrics({ service: 'gateway' });

  await using starting = new AsyncDisposableStack();
  const pool = starting.use(createPool({ url: databaseUrl, applicationName: name, logger }));
  const kafka = starting.use(createKafka({ brokers, clientId: name, logger }));
  const tokens = { ...tokenKey, issuer, audience };
  starting.use(
    await startGateway({
      ...options,
      pool,
      log: kafka.writer(),
      reader: kafka.reader(),
      tokens,
      name,
      logger,
      metrics,
    }),
  );
  const running = starting.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
}
