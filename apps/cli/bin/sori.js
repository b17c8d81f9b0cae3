#!/usr/bin/env node
// Plain JavaScript that any Node runs: the sources need Node 24, which comes with the project.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) {
  const { main } = await import('../src/main.ts');
  await main(process.argv.slice(2));
} else {
  const node = join(
    dirname(createRequire(import.meta.url).resolve('node/package.json')),
    'bin',
    'node',
  );
  const script = fileURLToPath(import.meta.url);
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // What is sent to us is for the child. A terminal's Ctrl-C reaches it twice then, which it knows of.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`sori needs Node ${OLDEST_MAJOR}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
