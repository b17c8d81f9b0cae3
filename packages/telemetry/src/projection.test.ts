import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectionHealth } from '@sori/stream';
import { createHealth } from './health.ts';
import { createMetrics } from './metrics.ts';
import { addProjectionChecks } from './projection-checks.ts';

const RUNNING: ProjectionHealth = {
  state: 'running',
  generation: 1,
  heartbeatAgeMs: 10,
  failingForMs: undefined,
  assignment: [],
};

test('a projection is ready in its group, and alive until it ends', async () => {
  const health = createHealth();
  let now: ProjectionHealth = { ...RUNNING, state: 'joining' };
  const checks = addProjectionChecks(health, 'history', { health: () => now });
  assert.deepEqual((await health.report('ready')).problems, [
    { name: 'history', problem: 'not in the group now (joining)' },
  ]);
  now = { ...RUNNING, failingForMs: 600_000 };
  assert.ok((await health.report('ready')).ok);
  assert.ok((await health.report('live')).ok, 'a restart would not bring the database back');
  checks.ended(Object.assign(new Error('refused'), { code: 'STREAM_LOG_FAILED' }));
  for (const kind of ['live', 'ready'] as const) {
    assert.deepEqual((await health.report(kind)).problems, [
      { name: 'history', problem: 'ended (STREAM_LOG_FAILED)' },
    ]);
  }
});

test('a projection tells how far each of its partitions is, and how long it has been failing', async () => {
  const metrics = createMetrics({ service: 'history' });
  let now: ProjectionHealth = {
    ...RUNNING,
    failingForMs: 1_500,
    assignment: [
      { topic: 'message.events', partition: 0, position: 40, endOffset: 100 },
      { topic: 'message.events', partition: 1, position: undefined, endOffset: 7 },
      { topic: 'message.events', partition: 2, position: 5, endOffset: undefined },
    ],
  };
  metrics.projection('history-group', 'history-1', () => now);
  const lines = async (): Promise<readonly string[]> =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('sori_projection_'));
  const labels = 'group="history-group",client="history-1"';
  const partition = (n: number) =>
    `sori_projection_lag_records{${labels},topic="message.events",partition="${n}",service="history"}`;
  const failing = `sori_projection_failing_seconds{${labels},service="history"}`;
  assert.deepEqual(await lines(), [`${partition(0)} 60`, `${partition(1)} 7`, `${failing} 1.5`]);
  now = RUNNING;
  assert.deepEqual(await lines(), [`${failing} 0`], 'nothing of partitions that it let go');
});
