import { catalog } from '@sori/chat-events';
import { DEFAULT_LAG_TARGET_SECONDS } from '@sori/contract';
import { systemClock } from '@sori/stream';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, EXIT } from '../errors.ts';
import { plural } from '../format.ts';
import { examineGroups } from '../groups/examine-groups.ts';
import { printGroups } from '../groups/print-groups.ts';
import { output } from '../output.ts';
import { didYouMean } from '../suggestion.ts';
import { withKafka } from '../system/connection.ts';
import { untilInterrupted } from '../system/lifetime.ts';

/** Consumers of other kinds commit every five seconds: in a shorter time one that gets on may not show it. */
const WINDOW_SECONDS = 6;

/** `sori groups`: who reads what, how far behind, and whether that is well. */
export function addGroupsCommand(program: Command): void {
  program
    .command('groups')
    .description('consumer groups: members, assignment, lag, and a verdict')
    .argument('[group...]', 'only these; all of the cluster unless named')
    .option('--partitions', 'show the lag of every partition')
    .option(
      '--target <seconds>',
      "how long a record may wait, for all; else the catalog's",
      positive,
    )
    .option(
      '--window <seconds>',
      'how long to watch late groups, to see whether they get on',
      positiveOrNone,
      WINDOW_SECONDS,
    )
    .option(
      '--json',
      'print [{ group, state, assignor, verdict, targetSeconds, lagSeconds, deletedInSeconds, members: [{ member, clientId, memberId, host, assignment }], lag: [{ topic, partition, committed, earliest, end, lag, lost, verdict, lagSeconds, deletedInSeconds }] }]',
    )
    .addHelpText(
      'after',
      `
Lag counts records that are there and not done: from the committed offset, or from the earliest
record where nothing is committed. Waits is the age of the first of them, by its timestamp. Kept is
how long that one is sure to be there still: a limit in bytes counts at the catalog's expected load.
Lost are records that retention removed before they were read.

Verdicts: ok; unknown (a record could not be read); and over the target: behind (it gets on), rewound
(it went back), stalled (it does not move), stopped (nobody reads). Losing: records were lost.

Examples:
  sori groups
  sori groups notification-consumer-group --partitions
  sori groups --json | jq '.[] | select(.verdict != "ok") | .group'`,
    )
    .action(async (names: readonly string[], options: Options) => {
      using interruption = untilInterrupted();
      const groups = await withKafka(process.env, 'sori-groups', async (kafka) => {
        const found = await examineGroups({
          ...{ admin: kafka.admin(), reader: kafka.reader(), catalog, clock: systemClock },
          names: names.length > 0 ? names : undefined,
          targetSeconds: (group) => options.target ?? catalogTarget(group),
          windowMs: options.window * 1_000,
          onWatch: (late) =>
            output.note(`${plural(late.length, 'late group')}: watching for ${options.window} s`),
          signal: interruption.signal,
        });
        const missing = names.find((name) => !found.some(({ group }) => group === name));
        if (missing !== undefined) throw unknownGroup(missing);
        return found;
      });
      if (options.json) output.json(groups);
      else printGroups(groups, { everyPartition: options.partitions ?? false }, output);
    });
}

interface Options {
  readonly partitions?: boolean;
  readonly target?: number;
  readonly window: number;
  readonly json?: boolean;
}

function catalogTarget(group: string): number {
  const known = catalog.groups.find(({ id }) => id === group);
  return known?.lagTargetSeconds ?? DEFAULT_LAG_TARGET_SECONDS;
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('a number of seconds above 0');
}

function positiveOrNone(text: string): number {
  return text === '0' ? 0 : positive(text);
}

function unknownGroup(name: string): CommandError {
  const known = catalog.groups.map(({ id }) => id);
  const isOurs = known.includes(name);
  return new CommandError(
    'CLI_UNKNOWN_GROUP',
    isOurs
      ? `Nobody has joined group "${name}" on this cluster yet.`
      : `The cluster has no group "${name}"${didYouMean(name, known)}`,
    { exitCode: isOurs ? EXIT.error : EXIT.usage },
  );
}
