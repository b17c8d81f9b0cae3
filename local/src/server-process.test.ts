import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { LocalSetupError } from './errors.ts';
import { endOrphans } from './orphans.ts';
import { type ServerProcess, startServerProcess, waitUntilReady } from './server-process.ts';

describe('server processes', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sori-local-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const start = (script: string): Promise<ServerProcess> =>
    startServerProcess({
      name: 'server',
      program: process.execPath,
      args: ['-e', script, directory],
      outputFile: join(directory, 'server.out'),
      pidFile: join(directory, 'server.pid'),
    });

  const waitForOutput = (server: ServerProcess, text: string): Promise<void> =>
    waitUntilReady(
      server,
      async () => (await readFile(join(directory, 'server.out'), 'utf8')).includes(text),
      { timeoutMs: 10_000, outputFile: 'server.out' },
    );

  test('a server leaves its pid while it runs and its output after', async () => {
    const server = await start('console.log("up"); setInterval(() => {}, 1000)');
    assert.equal(await readFile(join(directory, 'server.pid'), 'utf8'), String(server.pid));
    await waitForOutput(server, 'up');
    await server.stop('SIGTERM', 10_000);
    assert.equal(server.isRunning(), false);
    assert.equal(existsSync(join(directory, 'server.pid')), false);
  });

  test('a server that ignores SIGTERM is killed after the grace time', async () => {
    const server = await start(
      'process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up")',
    );
    await waitForOutput(server, 'up');
    await server.stop('SIGTERM', 200);
    assert.equal(server.isRunning(), false);
    assert.match(await readFile(join(directory, 'server.out'), 'utf8'), /no/);
  });

  test('a server that ends while it starts is an error that names its log', async () => {
    const server = await start('process.exit(3)');
    await assert.rejects(
      waitUntilReady(server, async () => false, { timeoutMs: 10_000, outputFile: 'server.out' }),
      (error: unknown) =>
        error instanceof LocalSetupError &&
        error.code === 'LOCAL_PROCESS_EXITED' &&
        error.message.includes('server.out'),
    );
  });

  test('an orphan is ended if its command line is ours, and left alone if not', async () => {
    const server = await start('setInterval(() => {}, 1000)');
    assert.deepEqual(await endOrphans(directory, 'of another folder'), []);
    assert.equal(server.isRunning(), true);
    await server.stop('SIGTERM', 10_000);

    const orphan = await start('setInterval(() => {}, 1000)');
    assert.deepEqual(await endOrphans(directory, directory), ['server']);
    await orphan.exited;
  });
});
