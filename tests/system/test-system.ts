import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  freePort,
  type KafkaCluster,
  type ScrapeTarget,
  startKafkaCluster,
  startPostgresServer,
} from '@sori/local';
import { type CommandOutcome, ROOT, runSori, startSori } from './sori-command.ts';
import { createTestDirectory } from './test-directory.ts';

export interface TestSystem extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  /** Only where it was started with `--monitoring`. */
  readonly prometheusUrl?: string;
  readonly kafka: KafkaCluster;
  /** What `sori` commands need in order to mean this system. */
  readonly environment: NodeJS.ProcessEnv;
  sori(...args: readonly string[]): Promise<CommandOutcome>;
  /** The process of a service now: `notifier-2`. */
  pidOf(service: string): Promise<number>;
  /** Where the processes have their metrics; only where it was started with `--monitoring`. */
  scrapeTargets(): Promise<readonly ScrapeTarget[]>;
}

export interface TestSystemOptions {
  /** More of the command line of `sori up`. */
  readonly up?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The whole product, as `sori up` starts it, on brokers and a database that the test holds in its
 * hands. Everything is in a folder of its own and gone afterwards.
 */
export async function startTestSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
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
    ...options.environment,
    SORI_HOME: home,
    KAFKA_BROKERS: kafka.brokers.join(','),
    DATABASE_URL: postgres.url,
  };
  const args = ['up', '--port', String(await freePort()), ...(options.up ?? [])];
  const up = starting.use(startSori(args, environment));
  await up.line(/Sori is ready/);
  const state = JSON.parse(await readFile(join(home, 'system.json'), 'utf8')) as {
    readonly gatewayUrl: string;
    readonly edgeUrl: string;
    readonly prometheusUrl?: string;
  };
  const running = starting.move();
  return {
    ...state,
    kafka,
    environment,
    sori: (...args) => runSori(args, environment),
    pidOf: async (service) => Number(await readFile(join(home, 'pids', `${service}.pid`), 'utf8')),
    scrapeTargets: async () => {
      const file = join(home, 'data', 'prometheus', 'targets', 'sori.json');
      const entries = JSON.parse(await readFile(file, 'utf8')) as readonly {
        readonly targets: readonly string[];
        readonly labels: { readonly instance: string };
      }[];
      return entries.flatMap(({ targets, labels }) =>
        targets.map((address) => ({ address, instance: labels.instance })),
      );
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
