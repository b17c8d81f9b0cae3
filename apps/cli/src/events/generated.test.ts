import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { asyncApiText } from './asyncapi.ts';
import { changesSince, SNAPSHOT_PATH, snapshotText } from './catalog-snapshot.ts';

const ASYNCAPI = new URL('../../../../docs/asyncapi.json', import.meta.url);

test('the catalog is as agreed: npx sori events check says how it differs', async () => {
  assert.deepEqual(await changesSince(SNAPSHOT_PATH), []);
  // Descriptions break nobody, and are kept true all the same.
  assert.equal(await readFile(SNAPSHOT_PATH, 'utf8'), snapshotText());
});

test('docs/asyncapi.json is of this catalog: npx sori events asyncapi --output docs/asyncapi.json', async () => {
  assert.equal(await readFile(ASYNCAPI, 'utf8'), asyncApiText());
});
