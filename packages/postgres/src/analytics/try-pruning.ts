import type { Queryable } from '../connection/queryable.ts';
import { ANALYTICS_PRUNING_LOCK } from '../locks.ts';

/** Whether this transaction is the one that prunes; until it ends, no other is. */
export async function tryPruning(transaction: Queryable): Promise<boolean> {
  const { rows } = await transaction.query<{ readonly taken: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, 0) AS taken',
    [ANALYTICS_PRUNING_LOCK],
  );
  return rows[0]?.taken === true;
}
