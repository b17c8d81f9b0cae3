import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from './health.ts';

test('a service without problems is live and ready', async () => {
  const health = createHealth();
  health.live('loop', () => undefined);
  health.ready('database', async () => undefined);
  assert.deepEqual(await health.report('live'), { ok: true, problems: [] });
  assert.deepEqual(await health.report('ready'), { ok: true, problems: [] });
});

test('problems of each kind are reported with their names, all together', async () => {
  const health = createHealth();
  health.live('loop', () => 'stuck');
  health.ready('database', async () => 'away');
  health.ready('cache', () => undefined);
  health.ready('log', () => 'cold');
  assert.deepEqual(await health.report('live'), {
    ok: false,
    problems: [{ name: 'loop', problem: 'stuck' }],
  });
  assert.deepEqual(await health.report('ready'), {
    ok: false,
    problems: [
      { name: 'database', problem: 'away' },
      { name: 'log', problem: 'cold' },
    ],
  });
});

test('a note is told with readiness and does not decide it', async () => {
  const health = createHealth();
  health.note('log', () => 'away');
  health.note('cache', () => undefined);
  assert.deepEqual(await health.report('live'), { ok: true, problems: [] });
  assert.deepEqual(await health.report('ready'), {
    ok: true,
    problems: [],
    notes: [{ name: 'log', problem: 'away' }],
  });
});

test('a check that throws is a problem, of which only the code is told', async () => {
  const health = createHealth();
  const refused = Object.assign(new Error('postgres://sori:pw@db'), { code: 'ECONNREFUSED' });
  health.ready('thrown', () => {
    throw refused;
  });
  health.ready('rejected', () => Promise.reject(new Error('pw')));
  assert.deepEqual(await health.report('ready'), {
    ok: false,
    problems: [
      { name: 'thrown', problem: 'the check failed (ECONNREFUSED)' },
      { name: 'rejected', problem: 'the check failed (no code)' },
    ],
  });
});

test('a check that does not answer is a problem, and holds nobody up', async () => {
  const health = createHealth({ checkTimeoutMs: 1 });
  health.live('hung', () => new Promise(() => {}));
  assert.deepEqual(await health.report('live'), {
    ok: false,
    problems: [{ name: 'hung', problem: 'no answer within 1 ms' }],
  });
});

test('a service that drains is live and not ready', async () => {
  const health = createHealth();
  health.drain();
  assert.equal((await health.report('live')).ok, true);
  assert.deepEqual(await health.report('ready'), {
    ok: false,
    problems: [{ name: 'drain', problem: 'shutting down' }],
  });
});

test('a name is used once', () => {
  const health = createHealth();
  health.live('loop', () => undefined);
  health.ready('loop', () => undefined);
  assert.throws(() => health.live('loop', () => undefined), /live check "loop" already/);
});
