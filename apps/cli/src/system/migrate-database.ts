import { migrate } from '@sori/postgres';
import { CommandError } from '../errors.ts';

/**
 * Brings a database's tables to this version; resolves with the names of the migrations that it ran.
 * Throws CommandError with the database's own words.
 */
export async function migrateDatabase(url: string): Promise<readonly string[]> {
  try {
    return await migrate(url);
  } catch (cause) {
    const reason = rootOf(cause).message || 'no answer';
    throw new CommandError(
      'CLI_DATABASE_UNUSABLE',
      `The database's tables could not be made: ${reason}. Check DATABASE_URL, or leave it unset to start a Postgres here.`,
      { cause },
    );
  }
}

/** The error that others were made of: the database's own words. */
function rootOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return rootOf(error.cause);
  return error instanceof Error ? error : new Error(String(error));
}
