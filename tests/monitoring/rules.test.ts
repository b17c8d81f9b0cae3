import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { prometheusPrograms } from '@sori/local';
import { ROOT, runProgram } from '../system/sori-command.ts';

const FOLDER = join(ROOT, 'deploy', 'prometheus');

describe("promtool's word on deploy/prometheus", () => {
  let promtool: string;
  before(async () => {
    const tools = join(ROOT, '.sori', 'tools');
    ({ promtool } = await prometheusPrograms(tools, { onDownload: () => {} }));
  });

  async function passes(...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await runProgram(promtool, args);
    assert.equal(code, 0, stdout + stderr);
  }

  test('the configuration and the rules are right', () =>
    passes('check', 'config', join(FOLDER, 'prometheus.yml')));

  test('every alert fires when it should, and is silent when it should', () =>
    passes('test', 'rules', ...globSync(join(FOLDER, 'tests', '*.test.yml'))));
});
