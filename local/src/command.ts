import type { SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number | null;
  /** What it wrote, to both streams, in order of arrival. */
  readonly output: string;
}

/** Runs a program to its end. Rejects only when it can't be started (ENOENT) or `signal` aborts. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid' | 'signal'> = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
