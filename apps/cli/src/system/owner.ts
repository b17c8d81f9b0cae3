import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { commandOf } from '@sori/local';
import { CommandError } from '../errors.ts';
import type { Home } from './home.ts';
import { readState } from './state.ts';

/** A word of the command line of every process of ours, however it was started; not a folder's name. */
const COMMAND = /(^|[\s/])sori(\.js)?(\s|$)/;

/**
 * Makes this process the one `sori up` of a home, from before the first server starts until the last
 * has stopped. Throws CommandError while another one is.
 */
export async function claimHome(home: Home): Promise<AsyncDisposable> {
  await mkdir(home.directory, { recursive: true });
  for (;;) {
    try {
      await writeFile(home.owner, String(process.pid), { flag: 'wx' });
      return { [Symbol.asyncDispose]: () => rm(home.owner, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await ownerOf(home);
    if (owner !== undefined) throw await alreadyRunning(home, owner);
    await rm(home.owner, { force: true });
  }
}

/** The process id of the `sori up` that runs in a home, starting or started; undefined if none does. */
export async function ownerOf(home: Home): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(home.owner, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number(text);
  return (await isSori(pid)) ? pid : undefined;
}

/** Whether the process runs and is a command of ours: ids are used again. */
async function isSori(pid: number): Promise<boolean> {
  return Number.isSafeInteger(pid) && pid > 1 && COMMAND.test(await commandOf(pid));
}

async function alreadyRunning(home: Home, owner: number): Promise<CommandError> {
  const state = await readState(home);
  const where =
    state === undefined ? 'is already starting' : `runs already, at ${state.gatewayUrl}`;
  return new CommandError(
    'CLI_ALREADY_RUNNING',
    `The system ${where} (process ${owner}). Stop it with: npx sori down`,
  );
}
