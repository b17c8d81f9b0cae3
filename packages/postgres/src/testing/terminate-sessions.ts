import type { Queryable } from '../connection/queryable.ts';

/**
 * Ends every other connection of the database whose application name it is, as an administrator or
 * a failover does. Resolves with how many there were, when they are gone.
 */
export async function terminateSessions(db: Queryable, applicationName: string): Promise<number> {
  const { rowCount } = await db.query(
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`,
    [applicationName],
  );
  return rowCount;
}
