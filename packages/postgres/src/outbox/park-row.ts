import type { Queryable, Statement } from '../connection/queryable.ts';

const PARK_ROW: Statement = {
  name: 'outbox-park-row',
  text: 'UPDATE outbox SET parked_at = clock_timestamp(), parked_reason = $2 WHERE id = $1',
};

/**
 * Sets a row aside that no try can publish, with the reason. It stays until somebody decides:
 * nulls in `parked_at` and `parked_reason` let it go out again, deleting it gives it up.
 */
export async function parkRow(db: Queryable, id: string, reason: string): Promise<void> {
  await db.query(PARK_ROW, [id, reason]);
}
