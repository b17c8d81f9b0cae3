import { globSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafkaCluster, startPostgresServer } from '@sori/local';
import { check } from './check.ts';
import { chromiumPath } from './chromium.ts';
import { passes, root, say } from './run.ts';

const USAGE = `npm test [-- <stage…>] [-- --grep <pattern>]

Runs everything that must hold, or only the stages named:
  check       format, lint, types, import rules, unused code
  unit        tests beside the sources; no broker
  cluster     *.cluster.test.ts, on three real brokers and a real Postgres
  e2e         tests/e2e, on a whole running system, in Chromium
  deploy      tests/deploy, on the compose files' own settings and on sori up --zookeeper
  faults      tests/faults, on a whole running system whose parts are killed
  monitoring  tests/monitoring, on a whole running system under a real Prometheus

KAFKA_BROKERS and DATABASE_URL: use these for the cluster stage instead of starting servers.

  npm test -- unit
  npm test -- cluster --grep assignor
`;

const UNIT_TIMEOUT_MS = 120_000;
/** Fault tests wait for sessions to expire, brokers to come back and lag to end. */
const SYSTEM_TIMEOUT_MS = 600_000;

const SOURCES = '{packages,services,apps,local,deploy,tests/system}/**/*.test.ts';
const isClusterTest = (file: string): boolean => file.endsWith('.cluster.test.ts');

/** The test files of a stage, without those of dependencies. */
function filesOf(pattern: string, keep: (file: string) => boolean = () => true): string[] {
  const files = globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] });
  return files.filter(keep).sort();
}

/** Brokers that delete what is too old when it is, and not within five minutes. */
const RETENTION_AT_ONCE = {
  'log.retention.check.interval.ms': '1000',
  'log.initial.task.delay.ms': '1000',
};

interface TestRun {
  readonly name: string;
  readonly files: readonly string[];
  readonly timeoutMs: number;
  /** How many files run at a time. */
  readonly concurrency: number;
  readonly env?: NodeJS.ProcessEnv;
}

function runTests(run: TestRun, grep: string | undefined): Promise<boolean> {
  if (run.files.length === 0) throw new Error(`stage ${run.name} has no test files`);
  const filter = grep === undefined ? [] : [`--test-name-pattern=${grep}`];
  return passes({
    name: run.name,
    command: [
      'node',
      '--test',
      `--test-timeout=${run.timeoutMs}`,
      `--test-concurrency=${run.concurrency}`,
      ...filter,
      ...run.files,
    ],
    ...(run.env === undefined ? {} : { env: run.env }),
  });
}

async function clusterTests(grep: string | undefined): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'sori-test-'));
  // Postgres, which may run as another user, must be able to enter.
  await chmod(directory, 0o755);
  await using servers = new AsyncDisposableStack();
  servers.defer(() => rm(directory, { recursive: true, force: true }));
  const { KAFKA_BROKERS, DATABASE_URL } = process.env;
  const startKafka = async (): Promise<string> => {
    const jarsDirectory = join(root, '.sori', 'jars');
    const overrides = () => RETENTION_AT_ONCE;
    const options = { directory, jarsDirectory, overrides, onProgress: say };
    const cluster = await startKafkaCluster(options);
    return servers.use(cluster).brokers.join(',');
  };
  const startPostgres = async (): Promise<string> =>
    servers.use(await startPostgresServer({ directory, onProgress: say })).url;
  const [brokers, database] = await Promise.all([
    KAFKA_BROKERS || startKafka(),
    DATABASE_URL || startPostgres(),
  ]);
  return await runTests(
    {
      name: 'cluster',
      files: filesOf(SOURCES, isClusterTest),
      timeoutMs: SYSTEM_TIMEOUT_MS,
      concurrency: 2,
      env: { KAFKA_BROKERS: brokers, DATABASE_URL: database },
    },
    grep,
  );
}

const STAGES: Readonly<Record<string, (grep: string | undefined) => Promise<boolean>>> = {
  check: async () => (await check()).length === 0,
  unit: (grep) =>
    runTests(
      {
        name: 'unit',
        files: filesOf(SOURCES, (file) => !isClusterTest(file)),
        timeoutMs: UNIT_TIMEOUT_MS,
        concurrency: 2,
      },
      grep,
    ),
  cluster: clusterTests,
  e2e: async (grep) =>
    runTests(
      {
        name: 'e2e',
        files: filesOf('tests/e2e/**/*.test.ts'),
        timeoutMs: SYSTEM_TIMEOUT_MS,
        concurrency: 1,
        env: { CHROMIUM_PATH: await chromiumPath() },
      },
      grep,
    ),
  deploy: (grep) =>
    runTests(
      {
        name: 'deploy',
        files: filesOf('tests/deploy/**/*.test.ts'),
        timeoutMs: SYSTEM_TIMEOUT_MS,
        concurrency: 1,
      },
      grep,
    ),
  faults: (grep) =>
    runTests(
      {
        name: 'faults',
        files: filesOf('tests/faults/**/*.test.ts'),
        timeoutMs: SYSTEM_TIMEOUT_MS,
        concurrency: 1,
      },
      grep,
    ),
  monitoring: (grep) =>
    runTests(
      {
        name: 'monitoring',
        files: filesOf('tests/monitoring/**/*.test.ts'),
        timeoutMs: SYSTEM_TIMEOUT_MS,
        concurrency: 1,
      },
      grep,
    ),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, grep: { type: 'string' } },
});

if (values.help) {
  say(USAGE);
} else {
  const names = positionals.length > 0 ? positionals : Object.keys(STAGES);
  const failed: string[] = [];
  for (const name of names) {
    const stage = STAGES[name];
    if (stage === undefined) throw new Error(`there is no stage "${name}"\n\n${USAGE}`);
    say(`\n━━ ${name}`);
    const startedAt = performance.now();
    if (!(await stage(values.grep))) failed.push(name);
    say(`━━ ${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  say(failed.length > 0 ? `\nfailed: ${failed.join(', ')}` : `\npassed: ${names.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
