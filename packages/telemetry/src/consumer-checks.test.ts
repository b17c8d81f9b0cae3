import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsumerHealth } from '@sori/stream';
import { addConsumerChecks, UNDONE_MAX_AGE_MS } from './consumer-checks.ts';
import { createHealth } from './health.ts';

const RUNNING: ConsumerHealth = {
  state: 'running',
  generation: 3,
  heartbeatAgeMs: 100,
  lastRecordsAgeMs: undefined,
  readFailingForMs: undefined,
  oldestUndoneAgeMs: undefined,
  breaker: 'closed',
  assignment: [],
};

function healthOf(given: Partial<ConsumerHealth>) {
  const health = createHealth();
  const checks = addConsumerChecks(health, 'group', { health: () => ({ ...RUNNING, ...given }) });
  return { health, checks };
}

test('a member that owns nothing, because others own it all, is ready', async () => {
  const { health } = healthOf({ assignment: [] });
  assert.equal((await health.report('ready')).ok, true);
  assert.equal((await health.report('live')).ok, true);
});

test('a consumer that is outside the group is live and not ready', async () => {
  for (const state of ['idle', 'joining', 'draining', 'stopped'] as const) {
    const { health } = healthOf({ state });
    assert.equal((await health.report('live')).ok, true);
    assert.deepEqual((await health.report('ready')).problems, [
      { name: 'group', problem: `not in the group now (${state})` },
    ]);
  }
});

test('a handler that hangs makes it dead; one that waits for a dependency does not', async () => {
  const old = UNDONE_MAX_AGE_MS + 1;
  const hung = healthOf({ oldestUndoneAgeMs: old }).health;
  assert.deepEqual((await hung.report('live')).problems, [
    { name: 'group', problem: `a record is not done after ${old} ms` },
  ]);
  const waiting = healthOf({ oldestUndoneAgeMs: old, breaker: 'open' }).health;
  assert.equal((await waiting.report('live')).ok, true);
  const slow = healthOf({ oldestUndoneAgeMs: UNDONE_MAX_AGE_MS }).health;
  assert.equal((await slow.report('live')).ok, true);
});

test('a consumer that ended for good is dead', async () => {
  const { health, checks } = healthOf({});
  checks.ended(Object.assign(new Error('not authorized'), { code: 'STREAM_LOG_FAILED' }));
  const problems = [{ name: 'group', problem: 'ended (STREAM_LOG_FAILED)' }];
  assert.deepEqual(await health.report('live'), { ok: false, problems });
  assert.deepEqual(await health.report('ready'), { ok: false, problems });
});
