import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { catalog, messageEvents } from '@sori/chat-events';
import { type Compose, composeOf } from '@sori/containers';
import {
  findJava,
  freePort,
  kafkaClassPath,
  startKafkaCluster,
  startPostgresServer,
} from '@sori/local';
import {
  type CommandOutcome,
  ROOT,
  type RunningCommand,
  runProgram,
  runSori,
  startSori,
} from '../system/sori-command.ts';
import { createTestDirectory } from '../system/test-directory.ts';
import { type ClusterPlaces, containerSettings, startedWith } from './compose-brokers.ts';

const NODE_IDS = [1, 2, 3];
const JARS = join(ROOT, '.sori', 'jars');
const RESTART_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** Sends messages through the running system and expects every one of them once, and in order. */
async function assertPingIsClean(
  sori: (...args: readonly string[]) => Promise<CommandOutcome>,
  count: number,
): Promise<void> {
  const { code, stdout, stderr } = await sori('ping', '--count', String(count), '--json');
  assert.equal(code, 0, stdout + stderr);
  const { lost, duplicated, reordered, ...rest } = JSON.parse(stdout);
  const clean = { lost: 0, duplicated: 0, reordered: 0 };
  assert.deepEqual([rest.count, { lost, duplicated, reordered }], [count, clean]);
}

describe("compose.yaml's own settings on the jars of Kafka 4", () => {
  const opened = new AsyncDisposableStack();
  const places = Promise.withResolvers<ClusterPlaces>();
  let compose: Compose;
  let servers: string;
  let environment: NodeJS.ProcessEnv;

  const sori = (...args: readonly string[]) => runSori(args, environment);
  const logDirectory = (nodeId: number): string => join(servers, 'kraft', `kafka-${nodeId}`);
  const setUp = (service: string): Promise<CommandOutcome> =>
    sori(...(compose.services[service]?.command ?? []));

  before(async () => {
    const { path: directory } = opened.use(await createTestDirectory());
    servers = join(directory, 'servers');
    compose = await composeOf('kraft');
    const [kafka, postgres] = await Promise.all([
      startKafkaCluster({
        directory: servers,
        jarsDirectory: JARS,
        overrides: (nodeId, cluster) => {
          places.resolve(cluster);
          return containerSettings(compose, nodeId, cluster, logDirectory(nodeId));
        },
      }),
      startPostgresServer({ directory: servers }),
    ]);
    opened.use(kafka);
    opened.use(postgres);
    environment = {
      ...process.env,
      SORI_HOME: join(directory, 'home'),
      KAFKA_BROKERS: kafka.brokers.join(','),
      DATABASE_URL: postgres.url,
    };
  });

  after(() => opened.disposeAsync());

  test('are all that the brokers were started with', async () => {
    for (const nodeId of NODE_IDS) {
      const expected = containerSettings(
        compose,
        nodeId,
        await places.promise,
        logDirectory(nodeId),
      );
      assert.deepEqual(await startedWith(servers, nodeId), expected);
    }
  });

  test('the steps before the services do what they are for, once', async () => {
    for (const service of ['kafka-setup', 'migrate']) {
      const { code, stdout, stderr } = await setUp(service);
      assert.equal(code, 0, stdout + stderr);
    }
    assert.equal((await sori('topics', 'plan')).code, 0);
    const again = await sori('migrate', '--json');
    assert.deepEqual(JSON.parse(again.stdout), { migrations: [] });
  });

  test('a cluster that runs already is not the ZooKeeper of sori up', async () => {
    const { code, stderr } = await sori('up', '--zookeeper');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /KAFKA_BROKERS/);
  });

  test('the services run on them: 200 messages, none lost, shown twice or out of order', async () => {
    await using up = startSori(['up', '--port', String(await freePort())], environment);
    await up.line(/Sori is ready/);
    await assertPingIsClean(sori, 200);
  });
});

describe('sori up --zookeeper', () => {
  const opened = new AsyncDisposableStack();
  let home: string;
  let data: string;
  let environment: NodeJS.ProcessEnv;
  let up: RunningCommand;

  const sori = (...args: readonly string[]) => runSori(args, environment);
  const pidOf = async (server: string): Promise<number> =>
    Number(await readFile(join(data, `${server}.pid`), 'utf8'));

  before(async () => {
    home = opened.use(await createTestDirectory()).path;
    data = join(home, 'data', 'zookeeper');
    const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, ...rest } = process.env;
    environment = { ...rest, SORI_HOME: home };
    up = startSori(['up', '--zookeeper', '--port', String(await freePort())], environment);
    opened.use(up);
    await up.line(/Sori is ready/);
  });

  after(() => opened.disposeAsync());

  test("starts brokers with the settings of compose.zookeeper.yaml's, and no other", async () => {
    const compose = await composeOf('zookeeper');
    const started = await Promise.all(NODE_IDS.map((nodeId) => startedWith(data, nodeId)));
    const portIn = (text = ''): number => Number(/:(\d+)$/.exec(text)?.[1]);
    const places: ClusterPlaces = {
      ports: started.map(({ listeners }) => ({ broker: portIn(listeners), controller: 0 })),
      zooKeeperPort: portIn(started[0]?.['zookeeper.connect']),
    };
    for (const [index, settings] of started.entries()) {
      const nodeId = index + 1;
      const logDirectory = join(data, 'zookeeper', `kafka-${nodeId}`);
      assert.deepEqual(settings, containerSettings(compose, nodeId, places, logDirectory));
    }
  });

  test('keeps its topics and tables apart from those of the other form', () => {
    assert.ok(existsSync(join(data, 'postgres')));
    assert.ok(!existsSync(join(home, 'data', 'kraft')));
    assert.ok(!existsSync(join(home, 'data', 'postgres')));
  });

  test('starts ZooKeeper again; then 1000 messages, none lost, shown twice or out of order', async () => {
    const killed = await pidOf('zookeeper');
    process.kill(killed, 'SIGKILL');
    await up.line(/ZooKeeper ended \(SIGKILL\)/);
    const deadline = Date.now() + RESTART_TIMEOUT_MS;
    for (;;) {
      const pid = existsSync(join(data, 'zookeeper.pid')) ? await pidOf('zookeeper') : killed;
      if (pid !== 0 && pid !== killed) break;
      assert.ok(Date.now() < deadline, 'ZooKeeper was not started again');
      await delay(POLL_MS);
    }
    await assertPingIsClean(sori, 1_000);
  });

  test("kafka-setup's commands are ones that the brokers' own tool takes", async () => {
    const calls = await callsOf(join(ROOT, 'deploy/kafka/create-topics.sh'));
    const topicOf = (call: readonly string[]) => call[call.indexOf('--topic') + 1];
    assert.deepEqual(
      calls.map(topicOf),
      catalog.topics.map(({ name }) => name),
    );
    const call = calls.find((words) => topicOf(words) === messageEvents.name);
    assert.ok(call);
    const topic = 'setup.check';
    await topicCommand(call.map((word) => (word === messageEvents.name ? topic : word)));
    const created = await topicCommand(['--describe', '--topic', topic]);
    assert.match(created, new RegExp(`PartitionCount: ${messageEvents.partitions}\\b`));
    assert.match(created, new RegExp(`ReplicationFactor: ${messageEvents.replicationFactor}\\b`));
    for (const [index, word] of call.entries()) {
      if (call[index - 1] === '--config')
        assert.ok(created.includes(word), `${word} in ${created}`);
    }
  });

  test('what a killed start leaves behind is ended by sori down', async () => {
    const servers = ['zookeeper', 'postgres', ...NODE_IDS.map((id) => `kafka-${id}`)];
    const pids = await Promise.all(servers.map(pidOf));
    await up.stop('SIGKILL');
    const { code, stdout, stderr } = await sori('down', '--json');
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { stopped: true });
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(
      (await readdir(data)).filter((file) => file.endsWith('.pid')),
      [],
    );
  });

  /** Kafka 3.6's own tool; resolves with what it printed. */
  async function topicCommand(words: readonly string[]): Promise<string> {
    const { environment: running } = JSON.parse(
      await readFile(join(home, 'system.json'), 'utf8'),
    ) as { readonly environment: { readonly KAFKA_BROKERS: string } };
    const [java, classPath] = await Promise.all([
      findJava(process.env),
      kafkaClassPath(JARS, { variant: 'zookeeper', onDownload: () => {} }),
    ]);
    const { code, stdout, stderr } = await runProgram(java, [
      ...['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.admin.TopicCommand'],
      ...['--bootstrap-server', running.KAFKA_BROKERS, ...words],
    ]);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }
});

/** What a script calls kafka-topics with, word by word, but for where the brokers are. */
async function callsOf(script: string): Promise<readonly (readonly string[])[]> {
  const printer = 'kafka-topics() { printf "%s\\t" "$@"; printf "\\n"; }; export -f kafka-topics';
  const { code, stdout, stderr } = await runProgram('bash', ['-c', `${printer}; bash ${script}`]);
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').slice(0, -1))
    .map((words) => words.toSpliced(words.indexOf('--bootstrap-server'), 2));
}
