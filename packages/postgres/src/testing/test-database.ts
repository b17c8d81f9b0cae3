import { randomBytes } from 'node:crypto';
import type { Logger } from '@sori/stream';
import { createPool, type Pool } from '../connection/pool.ts';
import { migrate } from '../migrate.ts';

/** A database of a test's own, migrated. Disposing it ends every connection to it and drops it. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly pool: Pool;
}

export interface TestDatabaseOptions {
  /** Leaves the tables out. */
  readonly empty?: boolean;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

/** Makes a database on the server of DATABASE_URL; throws if the environment does not say. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'];
  if (server === undefined || server === '') throw new Error('DATABASE_URL is not set');
  const name = `sori_test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  const pool = createPool({ url, applicationName: 'test', logger: silentLogger });
  const drop = async () => {
    await pool[Symbol.asyncDispose]();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  if (options.empty !== true) {
    try {
      await migrate(url);
    } catch (error) {
      await drop();
      throw error;
    }
  }
  return { url, pool, [Symbol.asyncDispose]: drop };
}

async function onServer(url: string, sql: string): Promise<void> {
  await using pool = createPool({ url, applicationName: 'test', logger: silentLogger, max: 1 });
  await pool.query(sql);
}
