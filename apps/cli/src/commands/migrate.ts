import type { Command } from 'commander';
import { plural } from '../format.ts';
import { output } from '../output.ts';
import { findDatabase } from '../system/connection.ts';
import { migrateDatabase } from '../system/migrate-database.ts';

/** `sori migrate`: the tables of a database, as this version wants them. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description("bring the database's tables to this version; run before its services start")
    .option('--json', 'print { migrations }: the names of those that it ran')
    .addHelpText(
      'after',
      `
All of it happens, or nothing. Running it again, or twice at once, is the same as running it once.
\`sori up\` does it by itself.

Examples:
  sori migrate
  DATABASE_URL=postgres://… sori migrate --json`,
    )
    .action(async (options: { readonly json?: boolean }) => {
      const migrations = await migrateDatabase(await findDatabase(process.env));
      if (options.json) output.json({ migrations });
      else if (migrations.length === 0) output.line('Nothing to do: the tables are up to date.');
      else output.line(`${plural(migrations.length, 'migration')} run: ${migrations.join(', ')}`);
    });
}
