import type { Queryable, Statement } from '../connection/queryable.ts';

const DELETE: Statement = {
  name: 'analytics-delete-leases',
  text: `
    DELETE FROM analytics_leases WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM analytics_leases WHERE until < to_timestamp($1) LIMIT $2
    ))`,
};

/** Deletes sessions that ended before a time (seconds since the epoch), `limit` at most. */
export async function deleteLeases(
  db: Queryable,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  return (await db.query(DELETE, [before, limit])).rowCount;
}
