import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOrphans } from '@sori/local';
import { dataFolders, type Home } from './home.ts';
import type { Progress } from './progress.ts';
import { SORI_PROGRAM } from './service-process.ts';

/** Ends what a killed `sori up` left behind, services first; resolves with their names. */
export async function endLeftovers(home: Home, progress: Progress): Promise<readonly string[]> {
  const ended = [...(await endOrphans(home.pids, SORI_PROGRAM))];
  for (const folder of dataFolders(home)) ended.push(...(await endOrphans(folder, folder)));
  if (ended.length > 0) progress.note(`ended what an earlier start left: ${ended.join(', ')}`);
  return ended;
}

/** Kills everything that this process has started, at once. For when a person cannot wait. */
export function killEverything(home: Home): void {
  for (const directory of [home.pids, ...dataFolders(home)]) {
    for (const file of pidFiles(directory)) {
      const pid = Number(readFileSync(join(directory, file), 'utf8'));
      if (Number.isSafeInteger(pid) && pid > 1) kill(pid);
    }
  }
}

function pidFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith('.pid'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
