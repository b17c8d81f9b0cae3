import type { Pool } from '../connection/pool.ts';
import type { Statement } from '../connection/queryable.ts';
import { HISTORY_REBUILD_LOCK } from '../locks.ts';

const TRY_LOCK: Statement = {
  name: 'history-try-rebuild-lock',
  text: 'SELECT pg_try_advisory_lock($1, 0) AS locked',
};
const UNLOCK: Statement = {
  name: 'history-unlock-rebuild',
  text: 'SELECT pg_advisory_unlock($1, 0)',
};

/**
 * Runs `work` while this session alone has the lock of rebuilding the history; undefined, without
 * running it, when another has it. Keeps one connection of the pool. The lock is a courtesy: should
 * it be lost with its connection, compare-and-set keeps two rebuilds from spoiling each other.
 */
export async function withRebuildLock<T>(
  pool: Pool,
  work: () => Promise<T>,
): Promise<T | undefined> {
  return await pool.withConnection(async (connection) => {
    const { rows } = await connection.query<{ readonly locked: boolean }>(TRY_LOCK, [
      HISTORY_REBUILD_LOCK,
    ]);
    if (rows[0]?.locked !== true) return undefined;
    try {
      return await work();
    } finally {
      await connection.query(UNLOCK, [HISTORY_REBUILD_LOCK]);
    }
  });
}
