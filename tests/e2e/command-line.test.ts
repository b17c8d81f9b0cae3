import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { findJava, freePort, kafkaClassPath } from '@sori/local';
import { kafkaTool } from '../system/kafka-tools.ts';
import { ROOT, type RunningCommand, runSori, startSori } from '../system/sori-command.ts';
import { createTestDirectory, type TestDirectory } from '../system/test-directory.ts';

const EXIT_OK = 0;
const EXIT_CHANGES = 3;
const EXIT_INTERRUPTED = 130;

/** `npm start`, word for word as the README says, and what a person then types. */
describe('the system from the command line', () => {
  let directory: TestDirectory;
  let home: string;
  let environment: NodeJS.ProcessEnv;
  let up: RunningCommand;
  let kafka: Parameters<typeof kafkaTool>[0];

  const sori = (...args: readonly string[]) => runSori(args, environment);

  before(async () => {
    directory = await createTestDirectory();
    home = directory.path;
    const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, ...rest } = process.env;
    environment = { ...rest, SORI_HOME: home };
    up = startSori(['up', '--port', String(await freePort())], environment);
    await up.line(/Sori is ready/);
    const state = JSON.parse(await readFile(join(home, 'system.json'), 'utf8')) as {
      readonly environment: { readonly KAFKA_BROKERS: string };
    };
    kafka = {
      brokers: state.environment.KAFKA_BROKERS.split(','),
      java: await findJava(process.env),
      classPath: await kafkaClassPath(join(ROOT, '.sori', 'jars'), { onDownload: () => {} }),
    };
  });

  after(async () => {
    await up?.[Symbol.asyncDispose]();
    await directory?.[Symbol.asyncDispose]();
  });

  test('ping: a thousand messages, none lost, shown twice or out of order', async () => {
    const { code, stdout, stderr } = await sori('ping', '--count', '1000', '--json');
    const { count, lost, duplicated, reordered, ackMs, notifiedMs, deliveredMs } =
      JSON.parse(stdout);
    assert.deepEqual(
      { count, lost, duplicated, reordered },
      { count: 1000, lost: 0, duplicated: 0, reordered: 0 },
    );
    for (const times of [ackMs, notifiedMs, deliveredMs]) {
      assert.ok(times.p50 > 0 && times.p50 <= times.p99 && times.p99 <= times.max, stdout);
    }
    assert.equal(code, EXIT_OK, stderr);
  });

  test("groups: the seed's assignment, as the broker reports it", async () => {
    const { code, stdout } = await sori('groups', '--json');
    assert.equal(code, EXIT_OK);
    const groups = JSON.parse(stdout) as {
      readonly group: string;
      readonly members: readonly {
        readonly member: string;
        readonly assignment: Record<string, readonly number[]>;
      }[];
    }[];
    const found = groups.find(({ group }) => group === 'notification-consumer-group');
    const assignments = [...(found?.members ?? [])]
      .sort((a, b) => (a.member < b.member ? -1 : 1))
      .map(({ assignment }) => assignment);
    assert.deepEqual(assignments, [
      { 'message.events': [0, 1, 2, 3] },
      { 'message.events': [4, 5, 6, 7] },
      { 'message.events': [8, 9], 'friend.events': [0, 1, 2], 'user.events': [0, 1, 2] },
    ]);
  });

  test("topics: Kafka's own tools show every setting of the catalog", async () => {
    const described = await kafkaTool(kafka, 'topics', '--describe');
    for (const topic of catalog.topics) {
      const line = described.split('\n').find((row) => row.startsWith(`Topic: ${topic.name}\t`));
      assert.ok(line, `${topic.name} is missing in ${described}`);
      assert.match(line, new RegExp(`PartitionCount: ${topic.partitions}\\b`));
      assert.match(line, new RegExp(`ReplicationFactor: ${topic.replicationFactor}\\b`));
      const expected: Record<string, string | number | undefined> = {
        'retention.ms': topic.retention.ms,
        'retention.bytes': topic.retention.bytes,
        'segment.bytes': topic.segment.bytes,
        'segment.ms': topic.segment.ms,
        'min.insync.replicas': topic.minInsyncReplicas,
        'cleanup.policy': topic.cleanup,
        'compression.type': topic.compression === 'none' ? undefined : topic.compression,
      };
      for (const [name, value] of Object.entries(expected)) {
        if (value !== undefined) assert.ok(line.includes(`${name}=${value}`), `${name} in ${line}`);
      }
    }
  });

  test('topics plan and drift: nothing to do, until another tool changes a setting', async () => {
    const nothing = await sori('topics', 'plan');
    assert.equal(nothing.code, EXIT_OK, nothing.stdout + nothing.stderr);
    const silent = await sori('topics', 'drift');
    assert.deepEqual(silent, { code: EXIT_OK, stdout: '', stderr: '' });
    const entity = ['--entity-type', 'topics', '--entity-name', 'friend.events'];
    await kafkaTool(kafka, 'configs', '--alter', ...entity, '--add-config', 'retention.ms=3600000');
    for (const command of ['plan', 'drift']) {
      const { code, stdout, stderr } = await sori('topics', command);
      assert.equal(code, EXIT_CHANGES, stdout + stderr);
      assert.match(stdout, /friend\.events/);
      assert.match(stdout, /retention\.ms/);
    }
    const applied = await sori('topics', 'apply');
    assert.equal(applied.code, EXIT_OK, applied.stdout + applied.stderr);
    assert.equal((await sori('topics', 'plan')).code, EXIT_OK);
  });

  test('publish and tail: an event in, the same event out', async () => {
    const data = { userId: 'someone', displayName: '소리' };
    const published = await sori(
      'publish',
      'user.profile.updated',
      '--data',
      JSON.stringify(data),
      '--json',
    );
    assert.equal(published.code, EXIT_OK, published.stderr);
    const { id } = JSON.parse(published.stdout);
    const tailed = await sori(
      'tail',
      'user.events',
      '--from',
      'earliest',
      '--type',
      'user.profile.updated',
      '--count',
      '1',
      '--json',
    );
    assert.equal(tailed.code, EXIT_OK, tailed.stderr);
    const record = JSON.parse(tailed.stdout);
    assert.deepEqual([record.id, record.key, record.data], [id, data.userId, data]);
  });

  test('what cannot be done is said in a line, with what to do next', async () => {
    for (const [args, pattern] of [
      [['publish', 'user.profile.updatd', '--data', '{}'], /user\.profile\.updated/],
      [['publish', 'user.profile.updated', '--data', '{"userId":7}'], /userId/],
      [['publish', 'user.profile.updated', '--data', '{'], /JSON/],
      [['tail', 'no.such.topic'], /no\.such\.topic/],
      [['up'], /already.*sori down/s],
      [['reset', '--yes'], /sori down/],
    ] as const) {
      const { code, stderr } = await sori(...args);
      assert.ok(code === 1 || code === 2, `${args.join(' ')}: ${code}`);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    }
    const away = await runSori(['topics', 'plan'], {
      ...environment,
      KAFKA_BROKERS: '127.0.0.1:1',
    });
    assert.equal(away.code, 1);
    assert.match(away.stderr, /127\.0\.0\.1:1/);
  });

  test('Ctrl-C stops everything and leaves nothing running', async () => {
    assert.ok((await processesNaming(home)).length > 0);
    const code = await up.stop('SIGINT');
    assert.ok(code === EXIT_OK || code === EXIT_INTERRUPTED, `exit code ${code}`);
    assert.deepEqual(await processesNaming(home), []);
    assert.ok(!existsSync(join(home, 'system.json')));
    assert.deepEqual(await readdir(join(home, 'pids')), []);
  });
});

/** The command lines of processes that have to do with a folder. */
async function processesNaming(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [commandLine, variables] = await Promise.all([
      readProcFile(entry, 'cmdline'),
      readProcFile(entry, 'environ'),
    ]);
    const isOurs = commandLine.includes(folder) || variables.includes(`SORI_HOME=${folder}`);
    if (isOurs && Number(entry) !== process.pid) found.push(commandLine.replaceAll('\0', ' '));
  }
  return found;
}

/** Empty where the process has ended meanwhile, or is none of ours to look into. */
async function readProcFile(pid: string, file: 'cmdline' | 'environ'): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return '';
    throw error;
  }
}
