import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Home, homeOf } from './home.ts';
import { claimHome, ownerOf } from './owner.ts';

describe('the owner of a home', () => {
  let home: Home;
  beforeEach(async () => {
    home = homeOf({ SORI_HOME: await mkdtemp(join(tmpdir(), 'sori-home-')) });
  });
  afterEach(() => rm(home.directory, { recursive: true, force: true }));

  /** A process whose command line is, or is not, like one of ours. */
  async function processNamed(name: string): Promise<AsyncDisposable & { readonly pid: number }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', name]);
    await once(child, 'spawn');
    return {
      pid: child.pid ?? 0,
      [Symbol.asyncDispose]: async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }

  test('is nobody, then who claims it, then nobody again', async () => {
    assert.equal(await ownerOf(home), undefined);
    const claim = await claimHome(home);
    assert.equal(existsSync(home.owner), true);
    await claim[Symbol.asyncDispose]();
    assert.equal(await ownerOf(home), undefined);
    assert.equal(existsSync(home.owner), false);
  });

  test('is one at a time', async () => {
    await using other = await processNamed('sori');
    await writeFile(home.owner, String(other.pid));
    assert.equal(await ownerOf(home), other.pid);
    await assert.rejects(claimHome(home), {
      code: 'CLI_ALREADY_RUNNING',
      message: /already starting \(process \d+\).*sori down/,
    });
  });

  test('is not a process that only has its number, nor one that is gone', async () => {
    await using other = await processNamed('/home/sori/another-program');
    for (const pid of [String(other.pid), '999999999', 'nonsense', '']) {
      await writeFile(home.owner, pid);
      assert.equal(await ownerOf(home), undefined, pid);
      await using _claim = await claimHome(home);
    }
  });
});
