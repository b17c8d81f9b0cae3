import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Home } from './home.ts';

/** What a running `sori up` says of itself, for the other commands. Holds secrets: readable by its owner only. */
export interface SystemState {
  readonly startedAt: string;
  readonly gatewayUrl: string;
  readonly edgeUrl: string;
  /** Only where it was started with `--monitoring`. */
  readonly prometheusUrl?: string;
  /** What each service is started with. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Writes the state; disposing what it gives takes the state away. */
export async function publishState(home: Home, state: SystemState): Promise<AsyncDisposable> {
  const incomplete = `${home.state}.part`;
  await writeFile(incomplete, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(incomplete, home.state);
  return { [Symbol.asyncDispose]: () => removeState(home) };
}

export async function removeState(home: Home): Promise<void> {
  await rm(home.state, { force: true });
}

/** What the system said when it was ready; undefined if it never was, or has stopped in order. */
export async function readState(home: Home): Promise<SystemState | undefined> {
  try {
    return JSON.parse(await readFile(home.state, 'utf8')) as SystemState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
