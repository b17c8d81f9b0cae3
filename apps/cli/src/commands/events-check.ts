import type { CatalogChange } from '@sori/contract';
import { type Command, Option } from 'commander';
import colors from 'picocolors';
import { EXIT } from '../errors.ts';
import { acceptCatalog, changesSince, SNAPSHOT_PATH } from '../events/catalog-snapshot.ts';
import { plural } from '../format.ts';
import { type Output, output } from '../output.ts';

interface CheckOptions {
  readonly snapshot: string;
  readonly accept?: boolean;
  readonly json?: boolean;
}

/** `sori events check`: whether programs that were built on the agreed catalog still work with this one. */
export function addEventsCheck(events: Command): void {
  events
    .command('check')
    .description('compare the catalog with the one agreed on; breaking changes are errors')
    .addOption(
      new Option('--snapshot <file>', 'the agreed one').default(SNAPSHOT_PATH, "the repository's"),
    )
    .option('--accept', 'agree on the catalog as it is now: rewrites its snapshot')
    .option('--json', 'print { breaking, accepted, changes: [{ path, what, breaking }] }')
    .addHelpText(
      'after',
      `
Breaking is what a reader or a writer of the agreed catalog cannot know: a field removed, a new one
required, a type narrowed, an event moved, another key, another number of partitions.

Exit codes: 0 as agreed, or accepted; 1 breaking changes; 2 usage; 3 changes that break nothing.

Examples:
  sori events check
  sori events check --accept
  sori events check --json`,
    )
    .action(async (options: CheckOptions) => {
      process.exitCode = await checkCatalog(options, output);
    });
}

/** Prints how the catalog differs from the agreed one. Resolves with the exit code. */
export async function checkCatalog(
  { snapshot, accept = false, json = false }: CheckOptions,
  to: Pick<Output, 'json' | 'line' | 'table'>,
): Promise<number> {
  const changes = await changesSince(snapshot);
  if (accept) await acceptCatalog(snapshot);
  const breaking = changes.filter((change) => change.breaking).length;
  if (json) to.json({ breaking, accepted: accept, changes });
  else printChanges(changes, { breaking, accept }, to);
  if (accept || changes.length === 0) return EXIT.ok;
  return breaking > 0 ? EXIT.error : EXIT.changes;
}

function printChanges(
  changes: readonly CatalogChange[],
  { breaking, accept }: { readonly breaking: number; readonly accept: boolean },
  to: Pick<Output, 'line' | 'table'>,
): void {
  if (changes.length === 0) {
    to.line('The catalog is as agreed.');
    return;
  }
  to.table(
    ['where', 'change', 'class'],
    changes.map(({ path, what, breaking: breaks }) => [
      path,
      what,
      breaks ? colors.red('breaking') : colors.green('compatible'),
    ]),
  );
  const count = `${plural(changes.length, 'change')}, ${breaking} breaking`;
  if (accept) to.line(`\n${count}: accepted.`);
  else to.line(`\n${count}. To agree on them: npx sori events check --accept`);
}
