import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import { migrate } from './migrate.ts';
import { createTestDatabase } from './testing/index.ts';

const files = await readdir(new URL('../migrations', import.meta.url));
const names = files.toSorted().map((file) => file.replace(/\.sql$/, ''));

describe('migrate', () => {
  test('runs every migration once', async () => {
    await using database = await createTestDatabase({ empty: true });
    assert.deepEqual(await migrate(database.url), names);
    assert.deepEqual(await migrate(database.url), []);
  });

  test('of several at once one does the work and the others wait', async () => {
    await using database = await createTestDatabase({ empty: true });
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    assert.deepEqual(runs.flat(), names);
    const { rows } = await database.pool.query('SELECT name FROM migrations ORDER BY id');
    assert.deepEqual(
      rows,
      names.map((name) => ({ name })),
    );
  });

  test('rejects with DependencyUnavailable where nothing listens', async () => {
    await assert.rejects(migrate('postgres://nobody@127.0.0.1:1/none'), DependencyUnavailable);
  });
});
