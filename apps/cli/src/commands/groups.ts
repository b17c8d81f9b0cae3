import { catalog } from '@sori/chat-events';
import type { ConsumerGroup, PartitionLag } from '@sori/kafka';
import type { Command } from 'commander';
import colors from 'picocolors';
import { CommandError, EXIT } from '../errors.ts';
import { plural, ranges } from '../format.ts';
import { output } from '../output.ts';
import { didYouMean } from '../suggestion.ts';
import { withKafka } from '../system/connection.ts';

/** `sori groups`: who reads what, and how far behind, as the brokers report it. */
export function addGroupsCommand(program: Command): void {
  program
    .command('groups')
    .description('consumer groups: members, assignment, lag')
    .argument('[group...]', 'only these; all of the cluster unless named')
    .option('--partitions', 'show the lag of every partition')
    .option(
      '--json',
      'print [{ group, state, assignor, members: [{ member, clientId, memberId, host, assignment }], lag: [{ topic, partition, committed, earliest, end, lag, lost }] }]',
    )
    .addHelpText(
      'after',
      `
Lag counts records that are there and not done: from the committed offset, or from the earliest
record where nothing is committed. Lost are records that retention removed before they were read.

Examples:
  sori groups
  sori groups notification-consumer-group --partitions
  sori groups --json`,
    )
    .action(async (names: readonly string[], options: Options) => {
      const groups = await withKafka(process.env, 'sori-groups', async (kafka) => {
        const found = await kafka.admin().describeGroups(names.length > 0 ? names : undefined);
        const missing = names.find((name) => !found.some(({ group }) => group === name));
        if (missing !== undefined) throw unknownGroup(missing);
        return found;
      });
      if (options.json) output.json(groups);
      else printGroups(groups, options.partitions ?? false);
    });
}

interface Options {
  readonly partitions?: boolean;
  readonly json?: boolean;
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

function printGroups(groups: readonly ConsumerGroup[], everyPartition: boolean): void {
  if (groups.length === 0) output.line('The cluster has no consumer groups.');
  for (const [index, group] of groups.entries()) {
    if (index > 0) output.line();
    const lag = group.lag.reduce((sum, partition) => sum + partition.lag, 0);
    const facts = [group.state, group.assignor, plural(group.members.length, 'member')];
    output.line(
      `${colors.bold(group.group)}  ${facts.filter((fact) => fact !== '').join(', ')}, lag ${lag}`,
    );
    if (group.members.length > 0) printMembers(group);
    if (group.lag.length > 0)
      printLag(everyPartition ? group.lag.map(partitionRow) : byTopic(group));
  }
}

function printMembers({ members }: ConsumerGroup): void {
  output.table(
    ['  member', 'client id', 'host', 'reads'],
    members.map(({ member, clientId, host, assignment }) => [
      `  ${member}`,
      clientId,
      host,
      Object.entries(assignment)
        .map(([topic, partitions]) => `${topic} ${ranges(partitions)}`)
        .join('; ') || '—',
    ]),
  );
}

type LagRow = readonly (string | number)[];

function printLag(rows: readonly LagRow[]): void {
  output.table(['  topic', 'committed', 'end', 'lag', 'lost'], rows);
}

function partitionRow({ topic, partition, committed, end, lag, lost }: PartitionLag): LagRow {
  return [`  ${topic}-${partition}`, committed ?? '—', end, lag, lost];
}

/** One row a topic: sums over its partitions. */
function byTopic({ lag }: ConsumerGroup): readonly LagRow[] {
  const topics = Map.groupBy(lag, ({ topic }) => topic);
  return Array.from(topics, ([topic, partitions]) => {
    const sum = (value: (partition: PartitionLag) => number): number =>
      partitions.reduce((total, partition) => total + value(partition), 0);
    return [
      `  ${topic}`,
      sum(({ committed }) => committed ?? 0),
      sum(({ end }) => end),
      sum((partition) => partition.lag),
      sum(({ lost }) => lost),
    ];
  });
}
