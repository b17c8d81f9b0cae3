import { Command, CommanderError } from 'commander';
import { addDownCommands } from './commands/down.ts';
import { addEventsCommand } from './commands/events.ts';
import { addGroupsCommand } from './commands/groups.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPingCommand } from './commands/ping.ts';
import { addPublishCommand } from './commands/publish.ts';
import { addRebuildCommand } from './commands/rebuild.ts';
import { addRunCommand } from './commands/run.ts';
import { addTailCommand } from './commands/tail.ts';
import { addTopicsCommand } from './commands/topics.ts';
import { addUpCommand } from './commands/up.ts';
import { EXIT, explain } from './errors.ts';
import { output } from './output.ts';
import { Interrupted } from './system/lifetime.ts';

const LONG_MS = 3_600_000;

/** Runs one command and sets the process's exit code: 0 done, 1 failed, 2 misused, 3 changes. */
export async function main(args: readonly string[]): Promise<void> {
  // Who reads our output, as `head`, may have seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  const program = new Command('sori')
    .description('The event backbone of a chat product on Apache Kafka')
    .version('0.1.0')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for more)')
    .exitOverride();
  addUpCommand(program);
  addDownCommands(program);
  addRunCommand(program);
  addTopicsCommand(program);
  addMigrateCommand(program);
  addEventsCommand(program);
  addPublishCommand(program);
  addTailCommand(program);
  addGroupsCommand(program);
  addPingCommand(program);
  addRebuildCommand(program);
  // Timers of what a command waits for do not keep a process alive; the command does.
  const underWay = setInterval(() => {}, LONG_MS);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    clearInterval(underWay);
  }
}

function report(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  // Commander has printed it already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof Error)) throw error;
  output.note(`error: ${explain(error)}`);
  if (process.env.SORI_DEBUG) output.note(error.stack ?? '');
  return 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : EXIT.error;
}
