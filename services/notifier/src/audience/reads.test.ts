import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Queryable } from '@sori/postgres';
import { DependencyUnavailable } from '@sori/stream';
import { postgresAudience } from './reads.ts';

/** A database that answers every query with the next of `answers`: ids, or an error. */
function databaseOf(...answers: readonly (readonly string[] | Error)[]) {
  const asked: (readonly unknown[])[] = [];
  const db: Queryable = {
    async query<Row extends object>(_statement: unknown, values: readonly unknown[] = []) {
      const answer = answers[asked.length];
      asked.push(values);
      if (answer === undefined) throw new Error('asked more often than expected');
      if (answer instanceof Error) throw answer;
      const rows = answer.map((id) => ({ id }) as Row);
      return { rows, rowCount: rows.length, command: 'SELECT' };
    },
  };
  return { db, asked };
}

test('the members as of a version are read once; another version or room is another question', async () => {
  const { db, asked } = databaseOf(['ann', 'bob'], ['ann'], ['cem']);
  const reads = postgresAudience(db);
  for (const _again of [1, 2, 3]) {
    assert.deepEqual(await reads.membersAt('r1', 1), ['ann', 'bob']);
    assert.deepEqual(await reads.membersAt('r1', 2), ['ann']);
    assert.deepEqual(await reads.membersAt('r2', 1), ['cem']);
  }
  assert.deepEqual(asked, [
    ['r1', 1],
    ['r1', 2],
    ['r2', 1],
  ]);
});

test('a failure is not kept, and neither is a room that is not there', async () => {
  const { db } = databaseOf(new DependencyUnavailable('postgres'), [], ['ann']);
  const reads = postgresAudience(db);
  await assert.rejects(reads.membersAt('r1', 1), DependencyUnavailable);
  assert.deepEqual(await reads.membersAt('r1', 1), []);
  assert.deepEqual(await reads.membersAt('r1', 1), ['ann']);
});

test('who wants no alert is asked every time: muting works at once', async () => {
  const { db, asked } = databaseOf(['bob'], [], ['cem']);
  const reads = postgresAudience(db);
  assert.deepEqual(await reads.quiet('ann', 'r1'), new Set(['bob']));
  assert.deepEqual(await reads.quiet('ann', 'r1'), new Set());
  assert.deepEqual(await reads.quiet('ann', null), new Set(['cem']));
  assert.deepEqual(asked, [
    ['ann', 'r1'],
    ['ann', 'r1'],
    ['ann', null],
  ]);
});
