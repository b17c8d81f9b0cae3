import type { Queryable, Statement } from '../connection/queryable.ts';

const MARK_PUBLISHED: Statement = {
  name: 'outbox-mark-published',
  text: 'UPDATE outbox SET published = true WHERE id = ANY ($1::bigint[])',
};

/** Says of rows that the log has acknowledged them: they are not read again. */
export async function markPublished(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query(MARK_PUBLISHED, [ids]);
}
