import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalSetupError } from './errors.ts';

export interface ServerProcessOptions {
  /** What it is, for messages: `broker 2`. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Takes both output streams, appended. */
  readonly outputFile: string;
  /** Holds the process id while it runs, so that a later run finds what a killed one left. */
  readonly pidFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process is gone, however it went: `exit code 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  isRunning(): boolean;
  /** Sends a signal; does nothing once the process is gone. */
  signal(signal: NodeJS.Signals): void;
  /** Sends `signal`, and SIGKILL after `graceMs`; resolves when the process is gone. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C in a terminal reaches only the
 * program that started it, which then stops its servers in order.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  await mkdir(dirname(options.outputFile), { recursive: true });
  await mkdir(dirname(options.pidFile), { recursive: true });
  const child = await spawnDetached(options);
  const pid = child.pid as number;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).then(async (how) => {
    await rm(options.pidFile, { force: true });
    return how;
  });
  await writeFile(options.pidFile, String(pid));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: options.name,
    pid,
    exited,
    isRunning,
    signal: (signal) => void child.kill(signal),
    stop: async (signal, graceMs) => {
      if (!isRunning()) return void (await exited);
      child.kill(signal);
      // A stopped (SIGSTOP) process takes no other signal until it goes on.
      child.kill('SIGCONT');
      const grace = new AbortController();
      await Promise.race([exited, delay(graceMs, undefined, { signal: grace.signal })]);
      grace.abort();
      if (isRunning()) child.kill('SIGKILL');
      await exited;
    },
  };
}

function spawnDetached(options: ServerProcessOptions): Promise<ChildProcess> {
  const { program, args, env, uid, gid } = options;
  const output = openSync(options.outputFile, 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: env ?? process.env,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  closeSync(output);
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

const POLL_MS = 50;

/**
 * Waits until `ready` says so; throws LocalSetupError when the process ends first or time is up, and
 * the signal's reason when that aborts.
 */
export async function waitUntilReady(
  server: ServerProcess,
  ready: () => Promise<boolean>,
  options: {
    readonly timeoutMs: number;
    readonly outputFile: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  while (!(await ready())) {
    options.signal?.throwIfAborted();
    if (!server.isRunning()) {
      throw new LocalSetupError(
        'LOCAL_PROCESS_EXITED',
        `${server.name} ended while it started; see ${options.outputFile}`,
      );
    }
    if (Date.now() > deadline) {
      throw new LocalSetupError(
        'LOCAL_START_TIMED_OUT',
        `${server.name} was not ready within ${options.timeoutMs / 1000} s; see ${options.outputFile}`,
      );
    }
    await delay(POLL_MS);
  }
}
