import { type Verdict, worstVerdict } from '@sori/kafka';
import colors from 'picocolors';
import { duration, plural, ranges } from '../format.ts';
import type { Output } from '../output.ts';
import type { ExaminedGroup, ExaminedLag } from './examine-groups.ts';

type To = Pick<Output, 'line' | 'table'>;

/** Prints groups with their members, and their lag by topic or by partition. */
export function printGroups(
  groups: readonly ExaminedGroup[],
  { everyPartition }: { readonly everyPartition: boolean },
  to: To,
): void {
  if (groups.length === 0) to.line('The cluster has no consumer groups.');
  for (const [index, group] of groups.entries()) {
    if (index > 0) to.line();
    to.line(headline(group));
    if (group.members.length > 0) printMembers(group, to);
    if (group.lag.length > 0)
      printLag(everyPartition ? group.lag.map(byItself) : byTopic(group), to);
  }
}

function headline({ group, state, assignor, members, lag, verdict }: ExaminedGroup): string {
  const records = lag.reduce((sum, partition) => sum + partition.lag, 0);
  const facts = [state, assignor, plural(members.length, 'member'), `lag ${records}`];
  const known = facts.filter((fact) => fact !== '').join(', ');
  return `${colors.bold(group)}  ${known}: ${colored(verdict)}`;
}

function printMembers({ members }: ExaminedGroup, to: To): void {
  to.table(
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

/** A partition, or all of a topic. */
interface LagRow
  extends Pick<
    ExaminedLag,
    'end' | 'lag' | 'lost' | 'verdict' | 'lagSeconds' | 'deletedInSeconds'
  > {
  readonly what: string;
  readonly committed: number | null;
}

function printLag(rows: readonly LagRow[], to: To): void {
  to.table(
    ['  topic', 'committed', 'end', 'lag', 'waits', 'kept', 'lost', 'verdict'],
    rows.map((row) => [
      ...[`  ${row.what}`, row.committed ?? '—', row.end, row.lag],
      row.lagSeconds === null ? '?' : ago(row),
      row.deletedInSeconds === null ? '—' : duration(row.deletedInSeconds * 1_000),
      ...[row.lost, colored(row.verdict)],
    ]),
  );
}

function ago({ lag, lagSeconds }: LagRow): string {
  return lag === 0 || lagSeconds === null ? '—' : duration(lagSeconds * 1_000);
}

function byItself(lag: ExaminedLag): LagRow {
  return { ...lag, what: `${lag.topic}-${lag.partition}` };
}

/** One row a topic: sums over its partitions, and the worst of them. */
function byTopic({ lag }: ExaminedGroup): readonly LagRow[] {
  return Array.from(
    Map.groupBy(lag, ({ topic }) => topic),
    ([topic, partitions]) => {
      const sum = (value: (partition: ExaminedLag) => number): number =>
        partitions.reduce((total, partition) => total + value(partition), 0);
      const waits = partitions.map(({ lagSeconds }) => lagSeconds);
      const deletions = partitions.flatMap(({ deletedInSeconds }) => deletedInSeconds ?? []);
      return {
        what: topic,
        committed: sum(({ committed }) => committed ?? 0),
        end: sum(({ end }) => end),
        lag: sum((partition) => partition.lag),
        lost: sum(({ lost }) => lost),
        lagSeconds: waits.includes(null) ? null : Math.max(...waits.map(Number)),
        deletedInSeconds: deletions.length > 0 ? Math.min(...deletions) : null,
        verdict: worstVerdict(partitions.map(({ verdict }) => verdict)),
      };
    },
  );
}

function colored(verdict: Verdict): string {
  switch (verdict) {
    case 'ok':
      return colors.green(verdict);
    case 'unknown':
    case 'behind':
      return colors.yellow(verdict);
    case 'rewound':
    case 'stalled':
    case 'stopped':
    case 'losing':
      return colors.red(verdict);
  }
}
