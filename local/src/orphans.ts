import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './command.ts';

const GRACE_MS = 10_000;
const POLL_MS = 100;

/**
 * Ends the servers that a killed run left behind: the processes whose ids stand in `*.pid` files of
 * `directory`. A process is taken for ours only if its command line names `marker`, since ids are
 * used again. Resolves with the names (of the files) of what was ended.
 */
export async function endOrphans(directory: string, marker: string): Promise<readonly string[]> {
  const endOrphan = async (file: string): Promise<readonly string[]> => {
    const path = join(directory, file);
    const pid = Number(await readFile(path, 'utf8'));
    const isOurs = Number.isSafeInteger(pid) && pid > 1 && (await commandOf(pid)).includes(marker);
    if (isOurs) await end(pid);
    await rm(path, { force: true });
    return isOurs ? [file.slice(0, -'.pid'.length)] : [];
  };
  return (await Promise.all((await pidFiles(directory)).map(endOrphan))).flat();
}

async function pidFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((file) => file.endsWith('.pid'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The command line of a process, empty if there is none. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    try {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ESRCH') return '';
      throw error;
    }
  }
  return (await runCommand('ps', ['-o', 'command=', '-p', String(pid)])).output;
}

async function end(pid: number): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  signal(pid, 'SIGTERM');
  while (isAlive(pid) && Date.now() < deadline) await delay(POLL_MS);
  signal(pid, 'SIGKILL');
  while (isAlive(pid)) await delay(POLL_MS);
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** False if there is no such process. */
function signal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
