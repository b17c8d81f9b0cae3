import type { Queryable, Statement } from '../connection/queryable.ts';

const DELETE_PUBLISHED: Statement = {
  name: 'outbox-delete-published',
  text: `
    DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox
      WHERE published AND id <= (
        SELECT id FROM outbox WHERE published ORDER BY id DESC OFFSET $1 LIMIT 1
      )
      ORDER BY id
      LIMIT $2
    )`,
};

/**
 * Deletes the oldest published rows, `limit` at most, but keeps the last `keep`, so that an
 * operator can see what went out. Returns how many it deleted.
 */
export async function deletePublished(
  db: Queryable,
  { keep, limit }: { readonly keep: number; readonly limit: number },
): Promise<number> {
  const { rowCount } = await db.query(DELETE_PUBLISHED, [keep, limit]);
  return rowCount;
}
