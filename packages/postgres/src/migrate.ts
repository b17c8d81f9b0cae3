import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { toPostgresError } from './connection/errors.ts';
import { CONNECT_TIMEOUT_MS } from './connection/limits.ts';

const MIGRATIONS_TABLE = 'migrations';
const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** Silent where all is well: the caller reports what was run. */
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Brings the database to this version's schema, in one transaction, and returns the names of the
 * migrations that it ran: none on a second call. A call that runs beside another waits for it.
 * Rejects with DependencyUnavailable when the server is away.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const client = new Client({
    connectionString: url,
    application_name: 'migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // Losing the connection also rejects the query that runs, which is what is reported.
  client.on('error', () => {});
  try {
    await client.connect();
    const ran = await runner({
      dbClient: client,
      dir: FOLDER,
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
      advisoryLockMode: 'wait',
      singleTransaction: true,
      logger: QUIET,
    });
    return ran.map(({ name }) => name);
  } catch (error) {
    throw toPostgresError(error);
  } finally {
    await client.end();
  }
}
