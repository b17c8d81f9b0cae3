import { brokerList, readEnvironment, urlOf } from '@sori/config';
import { createKafka, type Kafka } from '@sori/kafka';
import { LogError } from '@sori/stream';
import { createLogger, LOG_LEVELS } from '@sori/telemetry';
import { CommandError } from '../errors.ts';
import { homeOf } from './home.ts';
import { ownerOf } from './owner.ts';
import { readState, type SystemState } from './state.ts';

/** The system that runs here; undefined if none does, or it is not ready yet. */
async function runningSystem(own: NodeJS.ProcessEnv): Promise<SystemState | undefined> {
  const home = homeOf(own);
  return (await ownerOf(home)) === undefined ? undefined : await readState(home);
}

/**
 * The environment that a command or service works in: the caller's own, and what it leaves out from
 * the system that `sori up` runs here.
 */
export async function effectiveEnvironment(own: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const state = await runningSystem(own);
  const said = Object.entries(own).filter(([, value]) => value !== '');
  return { ...state?.environment, ...Object.fromEntries(said) };
}

/** Whether the environment, or a system that runs here, says where brokers are. */
export async function knowsBrokers(own: NodeJS.ProcessEnv): Promise<boolean> {
  const environment = await effectiveEnvironment(own);
  return Boolean(environment.KAFKA_BROKERS || environment.KAFKA_BROKERS_FILE);
}

/** The brokers to talk to; throws CommandError where none are known, ConfigurationError for others. */
async function findBrokers(own: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (!(await knowsBrokers(own))) {
    throw new CommandError(
      'CLI_NO_BROKERS',
      'No brokers are known: start the system with `npm start`, or set KAFKA_BROKERS (host:port, comma-separated).',
    );
  }
  const environment = await effectiveEnvironment(own);
  return readEnvironment(environment, { brokers: brokerList('KAFKA_BROKERS') }).brokers;
}

/**
 * Runs a command's work with a client of the cluster. Brokers that do not answer are a CommandError
 * that says which they are. The client logs nothing unless SORI_LOG_LEVEL says so, and then to
 * standard error.
 */
export async function withKafka<T>(
  own: NodeJS.ProcessEnv,
  clientId: string,
  work: (kafka: Kafka) => Promise<T>,
): Promise<T> {
  const brokers = await findBrokers(own);
  const level = LOG_LEVELS.find((known) => known === own.SORI_LOG_LEVEL) ?? 'silent';
  const logger = createLogger({ service: clientId, level, destination: process.stderr });
  await using kafka = createKafka({ brokers, clientId, logger });
  try {
    return await work(kafka);
  } catch (error) {
    if (!(error instanceof LogError) || !error.retryable) throw error;
    throw new CommandError(
      'CLI_KAFKA_UNAVAILABLE',
      `Kafka does not answer at ${brokers.join(', ')} (${firstCause(error).message}). ` +
        'Start the system with `npm start`, or set KAFKA_BROKERS to where it is.',
      { cause: error },
    );
  }
}

/** What was tried and failed, without what tried it again. */
function firstCause(error: LogError): LogError {
  return error.cause instanceof LogError ? firstCause(error.cause) : error;
}

/** Where the running system's doors are; throws CommandError if none runs here. */
export async function findSystem(
  own: NodeJS.ProcessEnv,
): Promise<{ readonly gatewayUrl: string; readonly edgeUrl: string }> {
  const state = await runningSystem(own);
  const gatewayUrl = own.SORI_GATEWAY_URL || state?.gatewayUrl;
  const edgeUrl = own.SORI_EDGE_URL || state?.edgeUrl;
  if (gatewayUrl !== undefined && edgeUrl !== undefined) return { gatewayUrl, edgeUrl };
  throw new CommandError(
    'CLI_NOTHING_RUNS',
    'Nothing runs here: start the system with `npm start`, or set SORI_GATEWAY_URL and SORI_EDGE_URL.',
  );
}

/** The database of the environment, or of the system that runs here; CommandError where neither says one. */
export async function findDatabase(own: NodeJS.ProcessEnv): Promise<string> {
  const environment = await effectiveEnvironment(own);
  if (!environment.DATABASE_URL && !environment.DATABASE_URL_FILE) {
    throw new CommandError(
      'CLI_NO_DATABASE',
      'No database is known: start the system with `npm start`, or set DATABASE_URL.',
    );
  }
  const databaseUrl = urlOf('DATABASE_URL', ['postgres:', 'postgresql:']);
  return readEnvironment(environment, { databaseUrl }).databaseUrl;
}
