import { setTimeout as delay } from 'node:timers/promises';
import { appendToOutbox, createPool, transaction } from '@sori/postgres';
import { silentLogger } from '@sori/postgres/testing';
import { renamed } from './fixture.ts';

/** The longest pause between an insert and its commit, in milliseconds. */
const HESITATION_MS = 4;

export interface WritersOptions {
  readonly url: string;
  readonly writers: number;
  /** Of each writer. */
  readonly transactions: number;
  readonly rooms: readonly string[];
}

/**
 * For tests only: writers that add events to the outbox side by side and hesitate before they
 * commit, so that later ids commit first wherever nothing prevents it. Every fifth transaction
 * is rolled back. Resolves with the names of each room's events in commit order.
 */
export async function runWriters(options: WritersOptions): Promise<Map<string, string[]>> {
  const { url, rooms, writers, transactions } = options;
  const committed = new Map<string, string[]>(rooms.map((room) => [room, []]));
  await using pool = createPool({
    url,
    applicationName: 'writers',
    logger: silentLogger,
    max: writers,
  });

  async function write(writer: number, n: number): Promise<void> {
    const room = rooms[Math.floor(Math.random() * rooms.length)] ?? '';
    const name = `${writer}/${n}`;
    const fails = n % 5 === 4;
    const writing = transaction(pool, async (connection) => {
      await appendToOutbox(connection, [renamed(room, name)], { source: '/sori/test' });
      await delay(Math.random() * HESITATION_MS);
      if (fails) throw new RangeError('rolled back');
      // Whoever comes next for this room waits for this commit: the order of pushes is its order.
      committed.get(room)?.push(name);
    });
    if (fails) {
      await writing.catch((error) => {
        if (!(error instanceof RangeError)) throw error;
      });
    } else {
      await writing;
    }
  }

  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < transactions; n++) await write(writer, n);
    }),
  );
  return committed;
}
