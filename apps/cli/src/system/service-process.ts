import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  LocalSetupError,
  type ServerProcess,
  startServerProcess,
  waitUntilReady,
} from '@sori/local';
import { CommandError } from '../errors.ts';
import type { Home } from './home.ts';
import type { ServiceName } from './services.ts';

/** The command of this checkout: also what tells our processes from others of the machine. */
export const SORI_PROGRAM = fileURLToPath(new URL('../../bin/sori.js', import.meta.url));

const READY_TIMEOUT_MS = 60_000;
/** A service drains within this, or is killed. */
const STOP_GRACE_MS = 15_000;
const RESTART_DELAY_MS = 1_000;
const RESTART_DELAY_MAX_MS = 15_000;
/** One that ran this long was well: its next restart is quick again. */
const STEADY_MS = 30_000;
/** What a message shows of the log of a service that did not start: its end. */
const LOG_SHOWN_BYTES = 2_000;
const LOG_SHOWN_LINES = 6;

export interface ServiceProcessOptions {
  /** Unique in the system: `notifier-2`. */
  readonly name: string;
  readonly service: ServiceName;
  readonly environment: NodeJS.ProcessEnv;
  /** Where it says that it is ready: `http://127.0.0.1:8080/readyz`. */
  readonly readyUrl: string;
  readonly signal: AbortSignal;
  readonly onRestart: (name: string, how: string) => void;
}

/** A service in a process of its own that is started again when it ends by itself. */
export interface ServiceProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
}

/**
 * Starts a service and waits until it is ready. Throws CommandError with the end of its log where it
 * ends instead, LocalSetupError if it isn't ready in a minute.
 */
export async function startServiceProcess(
  home: Home,
  options: ServiceProcessOptions,
): Promise<ServiceProcess> {
  const { name, service, environment, readyUrl, signal } = options;
  const outputFile = join(home.logs, `${name}.log`);
  const spawn = (): Promise<ServerProcess> =>
    startServerProcess({
      name,
      program: process.execPath,
      args: [SORI_PROGRAM, 'run', service],
      outputFile,
      pidFile: join(home.pids, `${name}.pid`),
      env: environment,
    });

  const logBefore = await sizeOf(outputFile);
  let current = await spawn();
  const stopping = new AbortController();
  try {
    const ready = (): Promise<boolean> => answers(readyUrl);
    await waitUntilReady(current, ready, { timeoutMs: READY_TIMEOUT_MS, outputFile, signal });
  } catch (error) {
    await current.stop('SIGTERM', STOP_GRACE_MS);
    if (!(error instanceof LocalSetupError) || error.code !== 'LOCAL_PROCESS_EXITED') throw error;
    throw new CommandError(
      'CLI_SERVICE_ENDED',
      `${error.message}\n${await endOfLog(outputFile, logBefore)}`,
      { cause: error },
    );
  }

  const supervise = async (): Promise<void> => {
    let delayMs = RESTART_DELAY_MS;
    for (;;) {
      const startedAt = Date.now();
      const how = await current.exited;
      if (stopping.signal.aborted) return;
      options.onRestart(name, how);
      delayMs =
        Date.now() - startedAt > STEADY_MS
          ? RESTART_DELAY_MS
          : Math.min(2 * delayMs, RESTART_DELAY_MAX_MS);
      await delay(delayMs, undefined, { signal: stopping.signal });
      current = await spawn();
      // Asked to stop while it was being started again.
      if (stopping.signal.aborted) return await current.stop('SIGTERM', STOP_GRACE_MS);
    }
  };
  const supervised = supervise().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });

  return {
    name,
    get pid() {
      return current.pid;
    },
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await current.stop('SIGTERM', STOP_GRACE_MS);
      await supervised;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** The last lines of a file, of what came after its first `from` bytes, indented. */
async function endOfLog(path: string, from: number): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const start = Math.max(from, size - LOG_SHOWN_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
  return lines
    .slice(-LOG_SHOWN_LINES)
    .map((line) => `  ${line}`)
    .join('\n');
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Nobody listens yet, or it is slow to answer: not ready. Anything else is our own mistake.
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false;
    throw error;
  }
}
