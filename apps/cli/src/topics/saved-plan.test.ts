import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { catalog } from '@sori/chat-events';
import { type ClusterState, planTopics } from '@sori/kafka';
import { assertStillCurrent, savePlan } from './saved-plan.ts';

const EMPTY: ClusterState = {
  clusterId: 'cluster',
  brokerCount: 3,
  topics: new Map(),
  otherTopics: [],
};

describe('a saved plan', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sori-plan-'));
    path = join(directory, 'plan.json');
    await savePlan(path, planTopics(catalog, EMPTY), EMPTY);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const check = (state: ClusterState, changes = planTopics(catalog, state).changes) =>
    assertStillCurrent(path, { ...planTopics(catalog, state), changes }, state);

  test('is good while nothing has changed', async () => {
    await check(EMPTY);
    await check({ ...EMPTY, otherTopics: ['somebody.else'] });
  });

  test('is refused on another cluster, in another state, and with another catalog', async () => {
    const refused = (message: RegExp) => ({ code: 'CLI_PLAN_STALE', message });
    await assert.rejects(
      check({ ...EMPTY, clusterId: 'other' }),
      refused(/is for cluster cluster/),
    );
    await assert.rejects(check({ ...EMPTY, brokerCount: 2 }), refused(/cluster has changed/));
    await assert.rejects(check(EMPTY, []), refused(/catalog has changed/));
  });

  test('a file that is no plan is refused', async () => {
    for (const text of ['', '{}', '[1]', 'null']) {
      await writeFile(path, text);
      await assert.rejects(check(EMPTY), { code: 'CLI_PLAN_UNREADABLE' });
    }
    await rm(path);
    await assert.rejects(check(EMPTY), { code: 'CLI_PLAN_UNREADABLE' });
  });
});
