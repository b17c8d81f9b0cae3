import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type KafkaCluster, startKafkaCluster, startPostgresServer } from '@sori/local';
import { type CommandOutcome, ROOT, runSori, startSori } from './sori-command.ts';
import { createTestDirectory } from './test-directory.ts';

export interface TestSystem extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  readonly kafka: KafkaCluster;
  /** What `sori` commands need in order to mean this system. */
  readonly environment: NodeJS.ProcessEnv;
  sori(...args: readonly string[]): Promise<CommandOutcome>;
  /** The process of a service now: `notifier-2`. */
  pidOf(service: string): Promise<number>;
}

/**
 * The whole product, as `sori up` starts it, on brokers and a database that the test holds in its
 * hands. Everything is in a folder of its own and gone afterwards.
 */
export async function startTestSystem(): Promise<TestSystem> {
  await using starting = new AsyncDisposableStack();
  const { path: directory } = starting.use(await createTestDirectory());
  const servers = join(directory, 'servers');
  const [kafka, postgres] = await Promise.all([
    startKafkaCluster({ directory: servers, jarsDirectory: join(ROOT, '.sori', 'jars') }),
    startPostgresServer({ directory: servers }),
  ]);
  starting.use(kafka);
  starting.use(postgres);
  const home = join(directory, 'home');
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    SORI_HOME: home,
    KAFKA_BROKERS: kafka.brokers.join(','),
    DATABASE_URL: postgres.url,
  };
  const up = starting.use(startSori(['up', '--port', String(await freePort())], environment));
  await up.line(/Sori is ready/);
  const state = JSON.parse(await readFile(join(home, 'system.json'), 'utf8')) as {
    readonly gatewayUrl: string;
    readonly edgeUrl: string;
  };
  const running = starting.move();
  return {
    ...state,
    kafka,
    environment,
    sori: (...args) => runSori(args, environment),
    pidOf: async (service) => Number(await readFile(join(home, 'pids', `${service}.pid`), 'utf8')),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
