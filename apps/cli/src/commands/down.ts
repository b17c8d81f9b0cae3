import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { output } from '../output.ts';
import { homeOf } from '../system/home.ts';
import { endLeftovers } from '../system/leftovers.ts';
import { ownerOf } from '../system/owner.ts';
import { lineProgress } from '../system/progress.ts';
import { removeState } from '../system/state.ts';

const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** `sori down` stops what `sori up` started; `sori reset` also forgets its data. */
export function addDownCommands(program: Command): void {
  program
    .command('down')
    .description('stop the system that runs here; its data stays')
    .option('--json', 'print { stopped } as JSON')
    .addHelpText('after', '\nExamples:\n  sori down')
    .action(async (options: { readonly json?: boolean }) => {
      const stopped = await stopSystem();
      if (options.json) output.json({ stopped });
      else output.line(stopped ? 'stopped' : 'nothing was running');
    });

  program
    .command('reset')
    .description('delete the data of the system here: topics, tables, logs, sign-ins')
    .option('--yes', 'really delete')
    .option('--json', 'print { deleted } as JSON: the folder that it was in')
    .addHelpText('after', '\nExamples:\n  sori down && sori reset --yes')
    .action(async (options: { readonly yes?: boolean; readonly json?: boolean }) => {
      const home = homeOf(process.env);
      const owner = await ownerOf(home);
      if (owner !== undefined) {
        throw new CommandError(
          'CLI_STILL_RUNNING',
          `The system runs (process ${owner}). Stop it first: npx sori down`,
        );
      }
      if (!options.yes) {
        throw new CommandError(
          'CLI_NOT_CONFIRMED',
          `This deletes all topics, tables and logs under ${home.directory}. If that is meant: npx sori reset --yes`,
          { exitCode: EXIT.usage },
        );
      }
      await endLeftovers(home, lineProgress(output.note));
      const { data, logs, pids, state, tokenSecret, owner: ownerFile } = home;
      for (const path of [data, logs, pids, state, tokenSecret, ownerFile]) {
        await rm(path, { recursive: true, force: true });
      }
      if (options.json) output.json({ deleted: home.directory });
      else output.line('reset: the next start is a fresh one');
    });
}

/** Whether there was something to stop. */
async function stopSystem(): Promise<boolean> {
  const home = homeOf(process.env);
  const owner = await ownerOf(home);
  if (owner === undefined) {
    const ended = await endLeftovers(home, lineProgress(output.note));
    await removeState(home);
    return ended.length > 0;
  }
  process.kill(owner, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while ((await ownerOf(home)) === owner) {
    if (Date.now() > deadline) {
      throw new CommandError(
        'CLI_STOP_TIMED_OUT',
        `sori up (process ${owner}) did not stop within ${STOP_TIMEOUT_MS / 1000} s. End it with: kill -9 ${owner} && npx sori down`,
      );
    }
    await delay(POLL_MS);
  }
  return true;
}
