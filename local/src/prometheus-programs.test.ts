import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { prometheusPrograms } from './prometheus-programs.ts';

describe('where Prometheus is', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sori-prometheus-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const noDownload = () => assert.fail('nothing is to be fetched');

  async function program(...path: readonly string[]): Promise<string> {
    const file = join(directory, ...path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o755);
    return file;
  }

  test('on the PATH, also in two folders of it', async () => {
    const prometheus = await program('one', 'prometheus');
    const promtool = await program('other', 'promtool');
    const environment = { PATH: `${join(directory, 'one')}:${join(directory, 'other')}` };
    const found = await prometheusPrograms(directory, { environment, onDownload: noDownload });
    assert.deepEqual(found, { prometheus, promtool, args: [] });
  });

  test('unpacked by an earlier start, which knows where its pages are', async () => {
    const prometheus = await program('prometheus', 'usr/bin/prometheus');
    const found = await prometheusPrograms(directory, {
      environment: { PATH: '' },
      onDownload: noDownload,
    });
    assert.equal(found.prometheus, prometheus);
    assert.deepEqual(found.args, [
      `--web.local-assets=${join(directory, 'prometheus/usr/share/prometheus/web')}`,
    ]);
  });
});
