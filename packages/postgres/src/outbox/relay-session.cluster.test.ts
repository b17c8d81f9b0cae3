import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DependencyUnavailable } from '@sori/stream';
import {
  createTestDatabase,
  silentLogger,
  type TestDatabase,
  terminateSessions,
  until,
} from '../testing/index.ts';
import { openRelaySession, tryBecomeRelay } from './relay-session.ts';
import { createRelayWaker } from './relay-waker.ts';

const EMPTY = { empty: true };

function open({ url }: TestDatabase, applicationName: string, leaseMs?: number) {
  return openRelaySession({ url, applicationName, leaseMs, appended() {} });
}

describe('the session of a relay', () => {
  test('one has the lock until it closes; then another gets it', async () => {
    await using database = await createTestDatabase(EMPTY);
    const first = await open(database, 'first');
    await using second = await open(database, 'second');
    assert.equal(await tryBecomeRelay(first), true);
    assert.equal(await tryBecomeRelay(second), false);
    await first[Symbol.asyncDispose]();
    await until('the lock is free', () => tryBecomeRelay(second));
  });

  test('databases do not share the lock', async () => {
    await using one = await createTestDatabase(EMPTY);
    await using other = await createTestDatabase(EMPTY);
    await using first = await open(one, 'first');
    await using second = await open(other, 'second');
    assert.deepEqual(await Promise.all([first, second].map(tryBecomeRelay)), [true, true]);
  });

  test('says at once that it is lost, and does nothing from then on', async () => {
    await using database = await createTestDatabase(EMPTY);
    await using session = await open(database, 'cut');
    assert.equal(session.isAlive(), true);
    await terminateSessions(database.pool, 'cut');
    await until('the loss is noticed', () => session.lost.aborted);
    assert.ok(session.lost.reason instanceof DependencyUnavailable);
    assert.equal(session.isAlive(), false);
    await assert.rejects(session.query('SELECT 1'), DependencyUnavailable);
  });

  test('a holder that stands still loses the lock when its lease is over', async () => {
    await using database = await createTestDatabase(EMPTY);
    await using still = await open(database, 'still', 300);
    await using other = await open(database, 'other');
    assert.equal(await tryBecomeRelay(still), true);
    await until('the server has ended it', () => tryBecomeRelay(other));
    await until('the loss is noticed', () => still.lost.aborted);
  });

  test('is not sure of itself when its lease is over, and is again after a query', async () => {
    await using database = await createTestDatabase(EMPTY);
    let now = 0;
    const clock = { now: () => now, setTimer: () => ({ cancel() {}, [Symbol.dispose]() {} }) };
    const { url } = database;
    await using session = await openRelaySession({
      url,
      applicationName: 'lease',
      leaseMs: 60_000,
      clock,
      appended() {},
    });
    now = 59_999;
    assert.equal(session.isAlive(), true);
    now = 60_000;
    assert.equal(session.isAlive(), false);
    await session.query('SELECT 1');
    assert.equal(session.isAlive(), true);
  });

  test('hears that rows were added', async () => {
    await using database = await createTestDatabase(EMPTY);
    let heard = 0;
    const appended = () => {
      heard += 1;
    };
    const { url, pool } = database;
    await using _session = await openRelaySession({ url, applicationName: 'ear', appended });
    createRelayWaker({ pool, logger: silentLogger }).wake();
    await until('it is heard', () => heard === 1);
  });

  test('cannot be opened where nothing listens', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none';
    const opening = openRelaySession({ url, applicationName: 'none', appended() {} });
    await assert.rejects(opening, DependencyUnavailable);
  });
});
