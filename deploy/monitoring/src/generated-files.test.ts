import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from './generated-files.ts';

const DEPLOY = join(import.meta.dirname, '../..');
const HOW = 'npm run generate -w @sori/monitoring';

for (const [path, text] of Object.entries(generatedFiles())) {
  test(`deploy/${path} is as the code says`, async () => {
    assert.equal(await readFile(join(DEPLOY, path), 'utf8'), text, HOW);
  });
}

test('there are no dashboards and rules beside', async () => {
  for (const folder of ['grafana/dashboards', 'prometheus/rules']) {
    const expected = Object.keys(generatedFiles())
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
    assert.deepEqual((await readdir(join(DEPLOY, folder))).sort(), expected.sort(), HOW);
  }
});
