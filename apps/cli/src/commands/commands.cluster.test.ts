import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SORI = fileURLToPath(new URL('../../bin/sori.js', import.meta.url));

/** The command as a person runs it, on real brokers; the catalog's topics are made where missing. */
describe('the sori command on a cluster', () => {
  let home: string;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'sori-home-'));
    const { code, stderr } = await sori(['topics', 'apply', '--json']);
    // Somebody else may have made them, otherwise than the catalog says.
    assert.ok(code === 0 || code === 3, stderr);
  });
  after(() => rm(home, { recursive: true, force: true }));

  interface Outcome {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
  }

  function sori(args: readonly string[], input = ''): Promise<Outcome> {
    return new Promise((resolve) => {
      const env = { ...process.env, SORI_HOME: home };
      const child = execFile(
        process.execPath,
        [SORI, ...args],
        { env, timeout: 60_000 },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
        },
      );
      child.stdin?.end(input);
    });
  }

  const jsonLines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('what is published is what is shown, in order, on the partition of its key', async () => {
    const userId = `u-${crypto.randomUUID()}`;
    const events = ['가', '나', '다'].map((displayName) => ({ userId, displayName }));
    const input = events.map((event) => JSON.stringify(event)).join('\n');
    const published = await sori(
      ['publish', 'user.profile.updated', '--data', '-', '--json', '--correlation-id', 'c1'],
      input,
    );
    assert.equal(published.code, 0, published.stderr);
    const acknowledged = jsonLines(published.stdout);
    assert.equal(new Set(acknowledged.map(({ partition }) => partition)).size, 1);

    const from = ['--from', '10m', '--no-follow', '--key', userId, '--include-headers', '--json'];
    const tailed = await sori(['tail', 'user.events', ...from]);
    assert.equal(tailed.code, 0, tailed.stderr);
    const shown = jsonLines(tailed.stdout);
    assert.deepEqual(
      shown.map(({ id, offset, data }) => ({ id, offset, data })),
      acknowledged.map(({ id, offset }, index) => ({ id, offset, data: events[index] })),
    );
    const headers = shown[0].headers as readonly { key: string; value?: string }[];
    assert.equal(headers.find(({ key }) => key === 'ce_correlationid')?.value, 'c1');
  });

  test('the same event again has the id that was given', async () => {
    const id = crypto.randomUUID();
    const data = JSON.stringify({ userId: 'u1', displayName: 'Again' });
    for (const _try of ['first', 'second']) {
      const args = ['publish', 'user.profile.updated', '--data', data, '--id', id, '--json'];
      const { code, stdout, stderr } = await sori(args);
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).id, id);
    }
  });

  test('mistakes are misuse, said in a line with what is meant', async () => {
    for (const [args, said] of [
      [['publish', 'user.profile.updatd', '--data', '{}'], /did you mean "user\.profile\.updated"/],
      [['publish', 'user.profile.updated', '--data', '{"userId":7}'], /\/userId must be string/],
      [['publish', 'user.profile.updated', '--data', '{'], /--data is not JSON/],
      [['tail', 'user.event'], /did you mean "user\.events"/],
      [['tail', 'user.events', '--type', 'message.chat.sent'], /are on message\.events/],
      [['tail', 'user.events', '--from', 'yesterday'], /how long ago/],
      [['groups', 'nobodys-group'], /no group "nobodys-group"/],
    ] as const) {
      const { code, stdout, stderr } = await sori(args);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });

  test('a plan and the groups are JSON documents', async () => {
    const plan = await sori(['topics', 'plan', '--json']);
    assert.ok(plan.code === 0 || plan.code === 3, plan.stderr);
    const { clusterId, changes, unknownTopics, retention } = JSON.parse(plan.stdout);
    assert.equal(typeof clusterId, 'string');
    assert.equal(plan.code, changes.length === 0 ? 0 : 3);
    assert.ok(Array.isArray(unknownTopics) && retention.length > 0);
    const groups = await sori(['groups', '--window', '0', '--json']);
    assert.equal(groups.code, 0, groups.stderr);
    for (const { group, lag, lagSeconds, verdict } of JSON.parse(groups.stdout)) {
      const isDone = lag.every((partition: { readonly lag: number }) => partition.lag === 0);
      if (isDone) assert.deepEqual([lagSeconds, verdict], [0, 'ok'], group);
    }
  });

  test('SIGTERM ends a tail at once, and is no error', async () => {
    const code = await new Promise<number | null>((resolve) => {
      const env = { ...process.env, SORI_HOME: home };
      const child = execFile(process.execPath, [SORI, 'tail', 'user.events', '--from', '10m'], {
        env,
      });
      child.once('exit', resolve);
      child.stdout?.once('data', () => child.kill('SIGTERM'));
    });
    assert.equal(code, 0);
  });
});
