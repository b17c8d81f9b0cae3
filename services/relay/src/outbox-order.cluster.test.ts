import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from '@sori/postgres';
import { until } from '@sori/postgres/testing';
import { createFixture, firsts, namesByRoom, TOPIC, waitingRows } from './fixture.ts';
import { runWriters } from './writers.ts';

const ROOMS = Array.from({ length: 20 }, (_, n) => `room-${n}`);
const WRITERS = { writers: 16, transactions: 250, rooms: ROOMS };

/** Ends the session that holds the relay's lock, as a failover of the database does. */
async function endActiveSession(pool: Pool): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
     WHERE locktype = 'advisory' AND classid = ${0x5072} AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
}

describe('16 writers and 4,000 transactions that commit in another order than they insert', () => {
  test('the log has every committed event once, each room’s in commit order', async () => {
    await using fixture = await createFixture();
    await fixture.relay();
    const committed = await runWriters({ ...fixture, ...WRITERS });
    await until('all is published', async () => (await waitingRows(fixture.pool)) === 0);
    assert.deepEqual(namesByRoom(fixture.log.records(TOPIC)), sorted(committed));
  });

  test('however often the relay loses its session: nothing lost, nothing overtaken', async () => {
    await using fixture = await createFixture();
    const relays = [await fixture.relay(), await fixture.relay()];
    await until('one is active', () => relays.some(({ state }) => state === 'active'));
    const writing = runWriters({ ...fixture, ...WRITERS });
    const written = writing.then(() => true);
    while (!(await Promise.race([written, delay(100, false)]))) {
      await endActiveSession(fixture.pool);
    }
    const committed = await writing;
    await until('all is published', async () => (await waitingRows(fixture.pool)) === 0);
    const records = fixture.log.records(TOPIC);
    assert.deepEqual(firsts(namesByRoom(records)), sorted(committed));
    assert.ok(relays.every(({ metrics }) => metrics.counts.published > 0));
    const ids = records.map(({ headers }) =>
      String(headers.find(({ key }) => key === 'ce_id')?.value),
    );
    assert.equal(new Set(ids).size, [...committed.values()].flat().length);
  });
});

/** In the log's own order of rooms, which is of no interest. */
function sorted(names: ReadonlyMap<string, string[]>): Map<string, string[]> {
  return new Map([...names].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
