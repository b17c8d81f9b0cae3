import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import { DatabaseError } from 'pg';
import {
  createRecordingLogger,
  createTestDatabase,
  silentLogger,
  terminateSessions,
  until,
} from '../testing/index.ts';
import { createPool } from './pool.ts';

/** `ReadyForQuery`, idle: how a server ends the start of a session, and every answer. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A server's `ErrorResponse` for a session that an administrator ends. */
function terminated(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** A way to the server on which every session is ended as soon as it is ready, in the same packet. */
async function cuttingProxy(target: URL): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const isReady = chunk.subarray(-READY.length).equals(READY);
      near.write(isReady ? Buffer.concat([chunk, terminated()]) : chunk);
      if (isReady) near.end();
    });
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

const PID = 'SELECT pg_backend_pid() AS pid';
const EMPTY = { empty: true };

describe('pool', () => {
  test('gives rows, their number, and what was done', async () => {
    await using database = await createTestDatabase(EMPTY);
    const { rows, rowCount, command } = await database.pool.query<{ n: number }>(
      { name: 'numbers', text: 'SELECT n FROM generate_series(1, $1::int) AS n' },
      [3],
    );
    assert.deepEqual(rows, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.deepEqual([rowCount, command], [3, 'SELECT']);
  });

  test('a refused statement is pg’s own error, and leaves the connection as it was', async () => {
    await using database = await createTestDatabase(EMPTY);
    const { url } = database;
    await using pool = createPool({ url, applicationName: 'one', logger: silentLogger, max: 1 });
    const before = await pool.query(PID);
    await assert.rejects(pool.query('SELECT * FROM nowhere'), DatabaseError);
    assert.deepEqual((await pool.query(PID)).rows, before.rows);
  });

  test('a cancelled statement is an unavailable server, and leaves the connection', async () => {
    await using database = await createTestDatabase(EMPTY);
    const logger = createRecordingLogger();
    const { url } = database;
    await using pool = createPool({ url, applicationName: 'one', logger, max: 1 });
    const before = await pool.query(PID);
    await pool.query('SET statement_timeout = 20');
    await assert.rejects(pool.query('SELECT pg_sleep(60)'), DependencyUnavailable);
    assert.deepEqual((await pool.query(PID)).rows, before.rows);
    assert.deepEqual(logger.lines, []);
  });

  test('a connection that is ended as it becomes ready ends only what it was for', async () => {
    await using database = await createTestDatabase(EMPTY);
    await using proxy = await cuttingProxy(new URL(database.url));
    const { url } = proxy;
    await using pool = createPool({ url, applicationName: 'cut', logger: silentLogger });
    for (let attempt = 0; attempt < 5; attempt++) {
      await assert.rejects(pool.query('SELECT 1'), DependencyUnavailable);
    }
  });

  test('a query whose connection is ended rejects with DependencyUnavailable', async () => {
    await using database = await createTestDatabase(EMPTY);
    await using pool = createPool({
      url: database.url,
      applicationName: 'cut',
      logger: silentLogger,
    });
    const sleeping = assert.rejects(pool.query('SELECT pg_sleep(60)'), {
      code: 'STREAM_DEPENDENCY_UNAVAILABLE',
      dependency: 'postgres',
      retryable: true,
    });
    await until('the query runs', async () => (await terminateSessions(database.pool, 'cut')) > 0);
    await sleeping;
    assert.equal((await pool.query('SELECT 1')).rowCount, 1);
  });

  test('idle connections that are ended are logged once, and so is the recovery', async () => {
    await using database = await createTestDatabase(EMPTY);
    const logger = createRecordingLogger();
    await using pool = createPool({ url: database.url, applicationName: 'idle', logger });
    await Promise.all(Array.from({ length: 4 }, () => pool.query('SELECT pg_sleep(0.05)')));
    assert.equal(await terminateSessions(database.pool, 'idle'), 4);
    await until('the loss is noticed', () => logger.lines.length > 0);
    await until('a query passes', async () => {
      return pool.query('SELECT 1').then(
        () => true,
        (error) => !(error instanceof DependencyUnavailable),
      );
    });
    assert.deepEqual(logger.lines, [
      { level: 'warn', message: 'postgres is unavailable' },
      { level: 'info', message: 'postgres is available again' },
    ]);
  });

  test('a lent connection that is ended between two queries ends nothing else', async () => {
    await using database = await createTestDatabase(EMPTY);
    const logger = createRecordingLogger();
    await using pool = createPool({ url: database.url, applicationName: 'lent', logger, max: 1 });
    const lent = pool.withConnection(async (connection) => {
      await connection.query('SELECT 1');
      await terminateSessions(database.pool, 'lent');
      await until('the loss is noticed', () => logger.lines.length > 0);
      await connection.query('SELECT 1');
    });
    await assert.rejects(lent, DependencyUnavailable);
    assert.equal((await pool.query('SELECT 1')).rowCount, 1);
  });

  test('where nothing listens, every query says so and one line is logged', async () => {
    const logger = createRecordingLogger();
    const url = 'postgres://nobody@127.0.0.1:1/none';
    await using pool = createPool({ url, applicationName: 'none', logger });
    const queries = Array.from({ length: 5 }, () => pool.query('SELECT 1'));
    for (const result of await Promise.allSettled(queries)) {
      assert.ok(result.status === 'rejected' && result.reason instanceof DependencyUnavailable);
    }
    assert.equal(logger.lines.length, 1);
  });

  test('a closed pool says that the database is unavailable; closing again is fine', async () => {
    await using database = await createTestDatabase(EMPTY);
    const pool = createPool({ url: database.url, applicationName: 'closed', logger: silentLogger });
    await pool[Symbol.asyncDispose]();
    await pool[Symbol.asyncDispose]();
    await assert.rejects(pool.query('SELECT 1'), DependencyUnavailable);
  });
});
