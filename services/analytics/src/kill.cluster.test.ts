import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlineAtEnd, onlinePeaks, type Pool, readOnline } from '@sori/postgres';
import { createTestDatabase, until } from '@sori/postgres/testing';
import { readAggregates } from './testing/aggregates.ts';
import { MemberProcess } from './testing/member-process.ts';
import { type Dice, mixedRecord, seededDice } from './testing/mixed-records.ts';
import { foldLog, onlineStays } from './testing/reference.ts';
import { createTestLog, type TestLog } from './testing/test-log.ts';

/** SORI_TEST_EVENTS=50000 for the long form. */
const EVENTS = Number(process.env['SORI_TEST_EVENTS'] ?? 5_000);
const SEED = Number(process.env['SORI_TEST_SEED'] ?? Date.now() % 100_000);
/** What was killed in a transaction may hold its locks for ten seconds, and its session for two. */
const PATIENCE_MS = 120_000;
/** Records that are on their way at a time. */
const BURST = 250;

type Fault = (members: Members, log: TestLog, dice: Dice) => Promise<void>;

/** What is done to the members, one after another, while records come in. */
const FAULTS: readonly Fault[] = [
  (members) => members.kill('analytics-1'),
  (members) => members.kill('analytics-2'),
  async (members) => {
    await Promise.all([members.kill('analytics-1'), members.kill('analytics-2')]);
  },
  (members, log, dice) =>
    members.freeze('analytics-1', async () => {
      // Some of these are in its partitions: they wait until the group has given them away.
      await publish(log, dice, BURST);
      await until('the other one has counted all', () => isCounted(members.pool, log), PATIENCE_MS);
    }),
  (members) => members.restart('analytics-2'),
];

test(`${EVENTS} records, members killed: every number is that of the log (seed ${SEED})`, async (t) => {
  await using log = await createTestLog();
  await using database = await createTestDatabase();
  const { pool } = database;
  await using members = new Members(pool, { databaseUrl: database.url, prefix: log.prefix });
  await members.start('analytics-1');
  await members.start('analytics-2');
  const dice = seededDice(SEED);
  const startedAt = performance.now();
  for (const fault of FAULTS) {
    const before = await positionsOf(pool);
    const publishing = publish(log, dice, Math.ceil(EVENTS / FAULTS.length));
    const counts = async () => (await positionsOf(pool)) > before;
    await until('records of this round are counted', counts, PATIENCE_MS);
    await fault(members, log, dice);
    await publishing;
  }
  const publishedAt = performance.now();
  await until('all is counted', () => isCounted(pool, log), PATIENCE_MS);
  const countedAt = performance.now();
  const records = await log.records();
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  t.diagnostic(
    `${records.length} records in ${seconds(publishedAt - startedAt)} s, all counted ` +
      `${seconds(countedAt - publishedAt)} s later; ${members.killed} kills`,
  );
  assert(records.length >= EVENTS);
  assert(new Set(records.map(({ topic }) => topic)).size === 12, 'every topic had something');
  assert.deepEqual(await readAggregates(pool), foldLog(records));
  await assertOnline(pool, records);
});

/** Counts who was online second by second, and holds what the database says against it. */
async function assertOnline(pool: Pool, records: Awaited<ReturnType<TestLog['records']>>) {
  const stays = onlineStays(records).map(({ from, until: end }) => ({
    from: Math.floor(from / 1_000),
    until: Math.floor(end / 1_000),
  }));
  const first = Math.min(...stays.map(({ from }) => from));
  const last = Math.max(...stays.map(({ until: end }) => end));
  const peaks = new Map<number, number>();
  let most = 0;
  for (let second = first; second <= last; second++) {
    const online = stays.filter(({ from, until: end }) => from <= second && second < end).length;
    const minute = Math.floor(second / 60) * 60;
    if (online > 0) peaks.set(minute, Math.max(peaks.get(minute) ?? 0, online));
    if (online > most) {
      most = online;
      assert.equal(onlineAtEnd(await readOnline(pool, second + 1)), online);
    }
  }
  assert(most > 5);
  const history = await readOnline(pool, last + 1);
  assert.deepEqual(onlinePeaks(history, { from: first - 60, to: last + 60 }), peaks);
  assert.equal(onlineAtEnd(history), 0, 'every lease ends');
}

async function publish(
  log: TestLog,
  dice: (sides: number) => number,
  count: number,
): Promise<void> {
  let left = count;
  while (left > 0) {
    const burst = Array.from({ length: Math.min(left, BURST) }, (_, index) =>
      mixedRecord(dice, Date.now(), `${left}-${index}`),
    );
    left -= burst.length;
    // A second try of a send whose outcome was not known is a record of its own with the same id.
    const again = burst.filter(() => dice(100) === 0);
    await Promise.all(
      [...burst, ...again].map(({ topic, id, ...record }) =>
        log.publisher.append({ topic }, record, id),
      ),
    );
  }
}

/** How many records are counted, of all partitions together: nothing is ever removed from them. */
async function positionsOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ readonly sum: string }>(
    `SELECT coalesce(sum(position), 0) AS sum FROM projection_positions
     WHERE projection = 'analytics'`,
  );
  return Number(rows[0]?.sum);
}

/** Whether everything that the topics hold by now is counted. */
async function isCounted(pool: Pool, log: TestLog): Promise<boolean> {
  const ends = await log.ends();
  return (await positionsOf(pool)) === ends.reduce((sum, { offset }) => sum + offset, 0);
}

class Members implements AsyncDisposable {
  readonly pool: Pool;
  readonly #where: ConstructorParameters<typeof MemberProcess>[1];
  readonly #running = new Map<string, MemberProcess>();
  killed = 0;

  constructor(pool: Pool, where: ConstructorParameters<typeof MemberProcess>[1]) {
    this.pool = pool;
    this.#where = where;
  }

  async start(name: string): Promise<void> {
    const member = new MemberProcess(name, this.#where);
    this.#running.set(name, member);
    await member.ready();
  }

  async kill(name: string): Promise<void> {
    await this.#member(name).kill();
    this.killed += 1;
    await this.start(name);
  }

  async restart(name: string): Promise<void> {
    await this.#member(name).stop();
    await this.start(name);
  }

  /** Lets it stand still until something is done, and go on then with what it was at. */
  async freeze(name: string, meanwhile: () => Promise<void>): Promise<void> {
    this.#member(name).freeze();
    await meanwhile();
    this.#member(name).thaw();
  }

  #member(name: string): MemberProcess {
    const member = this.#running.get(name);
    if (member === undefined) throw new Error(`${name} does not run`);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((member) => member.kill()));
  }
}
